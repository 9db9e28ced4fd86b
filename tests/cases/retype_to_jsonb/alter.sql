ALTER COLUMN note TYPE jsonb USING jsonb_build_object('note', note, 'amount', amount)
