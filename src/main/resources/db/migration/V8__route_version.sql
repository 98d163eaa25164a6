-- Which version of its route file did what a timeline tells; null where none did, and for what was told before.
ALTER TABLE status.timeline ADD COLUMN route_version text COLLATE "C";
