BEGIN;
SET LOCAL lock_timeout = '2s';
LOCK TABLE eidolon.leader IN EXCLUSIVE MODE
