-- Why no mail could reach the customer; null where it went out.
ALTER TABLE notification.mail ADD COLUMN unreachable text;
