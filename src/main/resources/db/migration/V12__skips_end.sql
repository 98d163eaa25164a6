-- A skip is of the records that stood there when it was given: over when its topic is made again.
ALTER TABLE delivery.gap ADD COLUMN over_at timestamptz;
