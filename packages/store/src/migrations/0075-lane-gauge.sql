-- How a lane's camera saw the last plate, as its heartbeat says: numbers for whoever aims it, no characters.

alter table device add column gauge jsonb;
