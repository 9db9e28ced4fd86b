-- Raises the leader's epoch. The caller holds EXCLUSIVE on the table: no transaction of an earlier epoch is left.
UPDATE eidolon.leader SET epoch = epoch + 1 RETURNING epoch
