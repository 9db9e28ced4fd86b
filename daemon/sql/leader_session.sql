-- A leader whose machine is gone must not lead for the two hours that TCP takes by default to notice, nor for the quarter of
-- an hour for which it repeats an answer that nobody takes; one whose network is away for less than a minute stays what it
-- is (leadership.cpp). On a Unix socket these have no effect.
SET tcp_keepalives_idle = 5;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 11;
SET tcp_user_timeout = '60s';
SET idle_in_transaction_session_timeout = '30s';
-- Who leads is of no use to another server, and a synchronous standby that is gone would keep everybody from leading.
SET synchronous_commit = local
