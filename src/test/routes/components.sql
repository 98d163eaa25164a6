CREATE SCHEMA IF NOT EXISTS components;

CREATE TABLE IF NOT EXISTS components.touched (
    what text NOT NULL
);

CREATE OR REPLACE FUNCTION components.note(what text) RETURNS void
    LANGUAGE sql AS $$ INSERT INTO components.touched VALUES ('stored, ' || what) $$;
