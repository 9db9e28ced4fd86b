ALTER COLUMN state TYPE varchar(20) USING shout(state)
