-- The rows of schema.sql's tables. Run once after it, by psql as the superuser, with ON_ERROR_STOP.
-- The clock stands still, the actor is fixed, and one transaction keeps VACUUM out: two loads are equal, row by row.
SET client_min_messages = error;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, MDY';
SET app.clock = '2024-06-01 12:00:00+00';
SET app.actor = 'loader';
SET max_parallel_workers_per_gather = 0;
BEGIN;

-- core

INSERT INTO core.country
SELECT chr(65 + i / 26) || chr(65 + i % 26), 'Country ' || i, i % 4 = 0, i % 25 FROM generate_series(0, 129) AS i;
INSERT INTO core.currency VALUES ('EUR', 'Euro', 2, 1), ('USD', 'US Dollar', 2, 0.92), ('JPY', 'Yen', 0, 0.006);
INSERT INTO core.currency SELECT 'X' || chr(65 + i / 26) || chr(65 + i % 26), 'Unit ' || i, i % 4, 1 / (i + 1.0) FROM generate_series(0, 109) AS i;
INSERT INTO core.setting VALUES ('terms', NULL, '30 days net'), ('locale', 'de_DE', 'en_GB'), ('currency', 'EUR', 'EUR'), ('ärger', E'tab\t', E'back\\slash');
INSERT INTO core.setting SELECT 'limit.' || i, CASE WHEN i % 3 > 0 THEN i::text END, '10' FROM generate_series(1, 120) AS i;

INSERT INTO core.tenant (slug, plan_code, parent_id, country, owner_account_id, limits)
SELECT 'tenant-' || i, (ARRAY['basic', 'pro', 'max'])[1 + i % 3], CASE WHEN i % 4 = 0 THEN i / 2 END,
       chr(65 + i % 5) || chr(65 + i % 26), i, jsonb_build_object('accounts', i * 10, 'tags', jsonb_build_array(i % 3, 'x'))
FROM generate_series(1, 100) AS i;

INSERT INTO core.account (tenant_id, email, full_name, status, referrer_id, default_address_id, attrs, last_ips, born, login_count, created_at, updated_at)
SELECT 1 + i % 100, 'User' || i || '@Example.org', 'Name ' || md5(i::text), (enum_range(NULL::core.account_status))[1 + i % 5],
       CASE WHEN i % 3 = 0 THEN i / 2 + 1 END, CASE WHEN i % 2 = 0 THEN i END,
       ext.hstore(ARRAY['lang', 'note'], ARRAY[(ARRAY['de', 'en', NULL])[1 + i % 3], repeat('n', i % 40)]),
       CASE WHEN i % 5 > 0 THEN ARRAY[('10.0.' || i % 250 || '.1')::inet, '::1'::inet] END, date '1950-01-01' + i * 13, i % 77,
       timestamptz '2015-01-01' + i * interval '37 hours', timestamptz '2023-01-01' + i * interval '1 hour'
FROM generate_series(1, 1500) AS i;

INSERT INTO core.address (account_id, lines, zip, country, pos, label)
SELECT CASE WHEN i <= 1500 THEN i ELSE i - 1500 END, ARRAY['c/o "' || i || '"', 'Street, ' || i % 90]::text[], lpad((i * 37 % 100000)::text, 5, '0'),
       chr(65 + i % 5) || chr(65 + i % 26), CASE WHEN i % 4 > 0 THEN (i % 90, -(i % 180) + 0.5)::core.geo END, repeat('label ', i % 20)
FROM generate_series(1, 2000) AS i;

INSERT INTO core.membership (tenant_id, account_id, role, invited_by, since, note)
SELECT t, a, (enum_range(NULL::core.member_role))[1 + a % 4], CASE WHEN a % 3 = 0 THEN CASE t WHEN 1 THEN 100 ELSE t - 1 END END,
       date '2020-01-01' + a % 900, CASE WHEN a % 10 = 0 THEN 'note ' || a END
FROM (SELECT 1 + i % 100 AS t, i AS a FROM generate_series(1, 1500) AS i
      UNION SELECT 1 + i * 7 % 100, i FROM generate_series(1, 700) AS i ORDER BY 2, 1) AS m;

INSERT INTO core.tag (parent_id, name, colour)
SELECT CASE WHEN i > 3 THEN i / 3 END, 'Tag' || i, '#' || lpad(to_hex(i * 1000), 6, '0') FROM generate_series(1, 120) AS i;
INSERT INTO core.tagging
SELECT 1 + i % 120, (ARRAY['document', 'product', 'order'])[1 + i % 3], i, timestamp '2021-01-01' + i * interval '1 day' FROM generate_series(1, 900) AS i;
INSERT INTO core.document (id, tenant_id, author_id, title, body, public, pages)
SELECT md5('document' || i)::uuid, 1 + i % 100, CASE WHEN i % 6 > 0 THEN i END, 'Title ' || i, repeat('Words and words ' || i || '. ', i % 200), i % 2 = 0, i % 50
FROM generate_series(1, 600) AS i;
INSERT INTO core.api_token
SELECT md5('token' || i)::uuid, i, decode(md5(i::text), 'hex'), CASE i % 2 WHEN 0 THEN ARRAY['read'] ELSE ARRAY['write', 'read'] END,
       CASE WHEN i % 3 > 0 THEN tstzrange(timestamptz '2023-01-01' + i * interval '1 day', NULL) END, i * 4000000000, CASE WHEN i % 7 = 0 THEN timestamptz '2024-01-01' END
FROM generate_series(1, 300) AS i;
INSERT INTO core.session (id, account_id, data) SELECT md5('session' || i)::uuid, i * 3, jsonb_build_object('n', i) FROM generate_series(1, 200) AS i;
INSERT INTO core.feature_flag
SELECT 'flag_' || i, i % 2 = 0, ARRAY(SELECT g FROM generate_series(1, i % 9) AS g), i % 101, CASE WHEN i % 4 = 0 THEN 'user' || i END FROM generate_series(1, 110) AS i;

-- public

SET CONSTRAINTS public.user_group DEFERRED;
INSERT INTO public."user" SELECT i, 'S' || i, 'F', CASE WHEN i % 5 > 0 THEN i % 100 END, -i, 'n' || i FROM generate_series(0, 300) AS i;
INSERT INTO public."group" SELECT i, 'T' || i, i * 3 FROM generate_series(0, 99) AS i;
INSERT INTO public.user_group SELECT i % 301, i % 100, timestamp '2014-01-01' + i * interval '1 hour', (i % 256)::bit(8) FROM generate_series(1, 500) AS i;
INSERT INTO public.schema_migrations SELECT to_char(timestamp '2014-01-01' + i * interval '17 days', 'YYYYMMDDHH24MISS'), 'deploy', i * interval '123 ms' FROM generate_series(1, 150) AS i;
INSERT INTO public.raw_import (line, content) SELECT i % 50, 'a;b;' || i FROM generate_series(1, 200) AS i;

-- stock: products

INSERT INTO stock.category SELECT i, CASE WHEN i > 5 THEN i / 5 END, 'Category ' || i, i FROM generate_series(1, 150) AS i;
INSERT INTO stock.product (sku, name, size, net, vat, colour, attrs, related, main_category, successor_id, discontinued, weight, updated_at)
SELECT 'SKU-' || lpad(i::text, 5, '0'), 'Product ' || md5((i % 400)::text), CASE WHEN i % 8 > 0 THEN (i, i * 2, i * 3, 'wood, "oak"')::stock.dimensions END,
       i * 1.17, CASE i % 2 WHEN 0 THEN 19 ELSE 7 END, (ARRAY['red', 'blue', 'green', NULL])[1 + i % 4], ext.hstore('brand', 'B' || i % 12),
       ARRAY[i % 10, i % 20], 1 + i % 150, CASE WHEN i % 20 = 0 THEN i - 1 END, CASE WHEN i % 20 = 0 THEN date '2022-03-01' + i END, sqrt(i), timestamptz '2023-05-05'
FROM generate_series(1, 800) AS i;
INSERT INTO stock.product_category SELECT 1 + i % 800, 1 + (i / 800 * 31 + i) % 150, (i % 100) / 100.0 FROM generate_series(0, 1599) AS i;

-- sales

INSERT INTO sales.customer (tenant_id, account_id, number, name, company, country, credit_limit, rating, discount, vat_id, notes, created_at, updated_at)
SELECT 1 + i % 100, CASE WHEN i % 2 = 0 THEN i END, 'K' || i, 'Customer ' || md5('c' || i), CASE WHEN i % 3 = 0 THEN 'Firm ' || i % 40 || ' & Co' END,
       chr(65 + i % 5) || chr(65 + i % 26), i * 10, CASE WHEN i % 6 > 0 THEN i % 5 + 1 END, i % 30, CASE WHEN i % 4 = 0 THEN 'DE' || i END,
       repeat('note ', i % 300), timestamptz '2016-01-01' + i * interval '2 days', timestamptz '2023-01-01'
FROM generate_series(1, 1000) AS i;
INSERT INTO sales.contact (customer_id, kind, value, preferred)
SELECT 1 + i % 1000, (ARRAY['e', 'p', 'f'])[1 + i / 1000], 'Contact' || i, i % 3 = 0 FROM generate_series(0, 2499) AS i;
INSERT INTO sales.price_list SELECT i, 'List ' || i, CASE i % 3 WHEN 0 THEN 'USD' ELSE 'EUR' END, daterange(date '2015-01-01' + i, NULL), CASE WHEN i > 1 THEN i / 2 END FROM generate_series(1, 100) AS i;
INSERT INTO sales.price (price_list_id, product_id, valid, amount, reason)
SELECT 1 + i % 100, 1 + i % 800, tstzrange(timestamptz '2020-01-01' + i / 800 * interval '1 year', timestamptz '2021-01-01' + i / 800 * interval '1 year'),
       i / 3.0, CASE WHEN i % 9 = 0 THEN 'sale' END
FROM generate_series(0, 2399) AS i;
INSERT INTO sales.cart (account_id, source) SELECT CASE WHEN i % 5 > 0 THEN i * 2 END, (ARRAY['web', 'app', NULL])[1 + i % 3] FROM generate_series(1, 400) AS i;
INSERT INTO sales.cart_item SELECT 1 + i % 400, 1 + i / 400, 1 + i * 7 % 800, 1 + i % 5, CASE WHEN i % 4 = 0 THEN '{"gift": true}'::jsonb END FROM generate_series(0, 999) AS i;
INSERT INTO sales."order" (tenant_id, customer_id, cart_id, bill_to, ship_to, state, currency, placed, client_info, updated_at)
SELECT c.tenant_id, c.id, CASE WHEN i % 4 = 0 THEN 1 + i % 400 END, 1 + i % 2000, CASE WHEN i % 3 > 0 THEN 1 + i * 3 % 2000 END,
       CASE WHEN i % 50 = 0 THEN 'cancelled' ELSE 'open' END::sales."Order State", CASE i % 7 WHEN 0 THEN 'USD' ELSE 'EUR' END,
       timestamptz '2021-01-01' + i * interval '13 hours', json_build_object('agent', 'Browser/' || i % 9), timestamptz '2024-01-01'
FROM generate_series(1, 1500) AS i JOIN sales.customer c ON c.id = 1 + i * 7 % 1000 ORDER BY i;
INSERT INTO sales.order_line (tenant_id, order_id, line_no, parent_line, product_id, quantity, price, rebate, remark)
SELECT o.tenant_id, o.id, n, CASE WHEN n = 2 AND o.id % 3 = 0 THEN 1 END, 1 + (o.id * 11 + n) % 800, 1 + (o.id + n) % 6, (o.id + n) % 300 + 0.99, o.id % 4 * 5, CASE WHEN o.id % 9 = 0 THEN 'remark ' || o.id END
FROM sales."order" o CROSS JOIN generate_series(1, 2) AS n ORDER BY o.id, n;
UPDATE sales."order" SET state = 'paid' WHERE id % 3 = 0 AND state = 'open';
UPDATE sales."order" SET state = 'sent' WHERE id % 6 = 0 AND state = 'paid';
DELETE FROM sales.cart WHERE id % 20 = 7;
INSERT INTO sales.invoice (id, tenant_id, order_id, customer_id, issued, due, total, pdf, lines, archived_as)
SELECT o.id, CASE WHEN o.id % 10 > 0 THEN o.tenant_id END, CASE WHEN o.id % 10 > 0 THEN o.id END, o.customer_id, o.placed::date, o.placed::date + 30, o.total,
       decode(repeat(md5(o.id::text), o.id % 100), 'hex'), jsonb_build_array(o.id, o.number), CASE WHEN o.id % 2 = 0 THEN 'A/' || o.id END
FROM sales."order" o WHERE o.id <= 1000 ORDER BY o.id;
INSERT INTO sales.invoice (id, customer_id, reverses_id, issued, due, total)
SELECT 5000 + i.id, i.customer_id, i.id, i.issued + 5, i.due, i.total FROM sales.invoice i WHERE i.id % 25 = 0 ORDER BY i.id;
UPDATE sales.invoice SET archived_as = 'B/' || id WHERE id % 40 = 1;
INSERT INTO sales.payment SELECT 10000000000 + i, i, date '2023-01-01' + i % 365, i * 1.5, (ARRAY['card', 'bank', 'cash'])[1 + i % 3] FROM generate_series(1, 800) AS i;
INSERT INTO sales.refund (payment_id, refunded_on, amount, reason) SELECT 10000000000 + i * 5, date '2023-02-01' + i, i * 0.5, 'reason ' || i FROM generate_series(1, 150) AS i;
INSERT INTO sales.coupon (id, code, percent, countries, made_for)
SELECT i, 'Save' || i, i % 100, ARRAY['AA', 'AB'], CASE WHEN i % 5 = 0 THEN i END FROM generate_series(1, 200) AS i;
DELETE FROM sales.coupon WHERE id > 190;
INSERT INTO sales.coupon_use (coupon_id, order_id, saved) SELECT 1 + i % 180, i, i / 7.0 FROM generate_series(1, 400) AS i;
SET LOCAL session_replication_role = replica;
INSERT INTO sales.coupon_use (coupon_id, order_id, saved) SELECT 9000 + i, i, 1 FROM generate_series(1, 5) AS i;
RESET session_replication_role;
INSERT INTO sales.subscription (customer_id, coupon_id, every, starts, ends, price)
SELECT i * 3, CASE WHEN i % 2 = 0 THEN i % 180 + 1 END, CASE i % 2 WHEN 0 THEN interval '1 month' ELSE interval '1 year' END, date '2022-01-01' + i,
       CASE WHEN i % 4 = 0 THEN date '2024-01-01' + i END, (i + 0.99)::numeric::money
FROM generate_series(1, 300) AS i;
INSERT INTO sales.quote SELECT i, 1 + i % 100, i, i * 100, ('<quote n="' || i || '"/>')::xml FROM generate_series(1, 100) AS i;

-- stock: places

INSERT INTO stock.supplier SELECT i, 'Supplier ' || i, chr(65 + i % 5) || chr(65 + i % 26), 'DE' || lpad(i::text, 20, '0'), i / 7.0, CASE WHEN i % 4 = 0 THEN i / 4 END FROM generate_series(1, 120) AS i;
INSERT INTO stock.warehouse SELECT i, 'Hall ' || i, (50 + i % 9, 8.25)::core.geo, polygon(circle(point(i, i), 2)), 'M. ' || i, '{"mon": [8, 17]}' FROM generate_series(1, 100) AS i;
INSERT INTO stock.bin SELECT 1 + i % 100, 'B' || lpad((i / 100)::text, 3, '0'), i % 120, CASE WHEN i % 10 = 0 THEN 1 + i % 120 END FROM generate_series(0, 799) AS i;
INSERT INTO stock.level SELECT 1 + i % 100, 'B' || lpad((i / 100 % 8)::text, 3, '0'), 1 + i % 797, i % 60, timestamp '2024-01-01' + i * interval '1 minute', CASE WHEN i % 5 = 0 THEN 'r' || i END
FROM generate_series(0, 1999) AS i;
UPDATE stock.level SET pieces = pieces + 1 WHERE product_id % 50 = 0;
INSERT INTO stock.purchase SELECT i * 1000003, 1 + i % 120, CASE WHEN i % 3 > 0 THEN 1 + i % 100 END, ARRAY[i, i + 1], (ARRAY['draft', 'sent', 'here'])[1 + i % 3],
       date '2022-01-01' + i, date '2022-02-01' + i, i * 10.1234, CASE WHEN i % 2 = 0 THEN i END
FROM generate_series(1, 300) AS i;
INSERT INTO stock.lot SELECT i, 1 + i % 800, CASE WHEN i % 2 = 0 THEN (1 + i % 300) * 1000003::bigint END, date '2025-01-01' + i FROM generate_series(1, 500) AS i;
INSERT INTO stock.movement SELECT i, timestamptz '2021-11-01' + i * interval '11 hours', 1 + i % 500, i % 40 - 20, CASE WHEN i % 8 = 0 THEN 'note' END FROM generate_series(1, 2500) AS i;

-- people

INSERT INTO people.department SELECT i, 'Department ' || i, i * 4, 'C' || lpad(i::text, 4, '0'), CASE WHEN i > 1 THEN i / 2 END FROM generate_series(1, 100) AS i;
INSERT INTO people.employee (department_id, manager_id, account_id, first_name, last_name, badge, hired, room, photo, updated_at)
SELECT 1 + i % 100, CASE WHEN i > 1 THEN i / 3 + 1 END, CASE WHEN i % 2 = 0 THEN i END, 'First' || i, 'O''Last' || i % 60, lpad(i::text, 6, '0'),
       date '2010-01-01' + i * 9, CASE WHEN i % 4 > 0 THEN (i % 30)::text END, decode(repeat('ff00', i % 30), 'hex'), timestamptz '2023-01-01'
FROM generate_series(1, 500) AS i;
INSERT INTO people.salary SELECT 1 + i % 500, date '2020-01-01' + i / 500 * 366, 2500 + i % 3000, 'EUR', (i % 10) / 8.0 FROM generate_series(0, 999) AS i;
INSERT INTO people.absence SELECT i, 1 + i % 500, daterange(date '2023-01-01' + i / 500 * 200 + i % 90, date '2023-01-10' + i / 500 * 200 + i % 90),
       (ARRAY['holiday', 'ill'])[1 + i % 2], (i % 8)::bit(3)::bit varying FROM generate_series(0, 899) AS i;
INSERT INTO people.person SELECT i, 'Person ' || i, '0' || i FROM generate_series(1, 100) AS i;
INSERT INTO people.contractor SELECT 1000 + i, 'Contractor ' || i, NULL, 'Firm ' || i % 9, 400 + i FROM generate_series(1, 100) AS i;

-- ops

INSERT INTO ops.job (queue, priority, payload, attempts, done, after_id)
SELECT (ARRAY['default', 'mail', 'pdf'])[1 + i % 3], i % 10, jsonb_build_object('n', i), i % 4, i % 2 = 0, CASE WHEN i % 9 = 0 THEN i - 1 END FROM generate_series(1, 400) AS i;
INSERT INTO ops.job_run SELECT 1 + i % 400, 1 + i / 400, i * interval '1.5 seconds', '08:00:2b:01:02:03', repeat('out ', i % 50) FROM generate_series(0, 699) AS i;
INSERT INTO ops.outbox (topic, key, message) SELECT 'topic.' || i % 5, 'k' || i, jsonb_build_object('n', i) FROM generate_series(1, 300) AS i;
INSERT INTO ops.event SELECT (ARRAY['login', 'logout', 'mail', 'bounce', 'click', 'view'])[1 + i % 6], i, 1 + i % 1500, timestamp '2024-01-01' + i * interval '7 minutes', jsonb_build_object('n', i) FROM generate_series(1, 1800) AS i;
INSERT INTO ops.event_note SELECT i, (ARRAY['login', 'logout', 'mail', 'bounce', 'click', 'view'])[1 + i % 6], i, 'note ' || i FROM generate_series(1, 120) AS i;
INSERT INTO ops.health SELECT i, 'node' || i, i / 10.0, i % 7 > 0 FROM generate_series(1, 100) AS i;
CALL ops.finish_job(7);
CALL ops.finish_job(11, 'it broke');

-- "Old CRM"

INSERT INTO "Old CRM"."Kunden & Partner" SELECT i, 'Kunde "' || i || '"', 'Straße ' || i % 70, CASE WHEN i % 3 > 0 THEN 'k' || i || '@example.org' END, i % 5, i % 101, timestamp '2009-01-01' + i * interval '1 week' FROM generate_series(1, 300) AS i;
INSERT INTO "Old CRM"."Übersicht" VALUES (1001, 'über die Sicht', 12.5);
INSERT INTO "Old CRM"."Notizen" ("Kunde", "Text", gesperrt, "VorgängerNr") SELECT 1 + i % 300, 'Grüße ' || i || E'\n☃', i % 10 = 0, CASE WHEN i % 4 = 0 THEN i / 4 END FROM generate_series(1, 500) AS i;
UPDATE "Old CRM"."Notizen" SET "Text" = '' WHERE "Nr" % 20 = 0;
INSERT INTO "Old CRM".a_table_whose_name_has_exactly_as_many_bytes_as_a_name_may_have (a_column_whose_name_has_exactly_as_many_bytes_as_names_may_hold, a_kunde, b)
SELECT -i, CASE WHEN i % 3 = 0 THEN i END, 'b' || i FROM generate_series(1, 200) AS i;

SET CONSTRAINTS ALL IMMEDIATE;

-- What was added to full tables: the old rows hold these values nowhere but in the catalog.
ALTER TABLE core.account ADD COLUMN locale text NOT NULL DEFAULT core.setting_of('locale');
ALTER TABLE sales.customer ADD COLUMN newsletter boolean NOT NULL DEFAULT false, ADD COLUMN since_shop integer DEFAULT 3;
ALTER TABLE sales.customer DROP COLUMN since_shop;
ALTER TABLE sales."order" ADD COLUMN channel text COLLATE "C" DEFAULT 'web';
ALTER TABLE stock.level ADD COLUMN abc char(1) DEFAULT 'C' CHECK (abc IN ('A', 'B', 'C'));
ALTER TABLE ops.job ADD COLUMN tries_left integer DEFAULT 3;
ALTER TABLE sales.order_line ALTER COLUMN rebate SET DEFAULT 5;
INSERT INTO sales.customer (tenant_id, number, name, newsletter, created_at) SELECT 1, 'N' || i, 'New ' || i, true, timestamptz '2024-05-01' FROM generate_series(1, 50) AS i;
INSERT INTO stock.level SELECT 1, 'B000', i, 3, NULL, NULL, 'A' FROM generate_series(790, 800) AS i;
INSERT INTO core.account (tenant_id, email, created_at) SELECT 2, 'new' || i || '@example.org', timestamptz '2024-05-01' FROM generate_series(1, 50) AS i;
REFRESH MATERIALIZED VIEW sales.takings;
COMMIT;
