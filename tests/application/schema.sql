-- The database of a made-up mail-order house, as such databases look after ten years: several
-- owners and hands, foreign keys in webs and cycles, and something of nearly every kind of object.
-- Run by psql as the superuser in an empty database, with ON_ERROR_STOP; rows.sql comes after it.
SET client_min_messages = error;

-- Roles belong to the whole server and may be there already.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['app_core', 'app_sales', 'app_people', 'app_read', 'app_write', 'app_support', 'app_tenant'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN EXECUTE format('CREATE ROLE %I', name); END IF;
  END LOOP;
END $$;
ALTER ROLE app_people BYPASSRLS;

CREATE SCHEMA ext;
CREATE SCHEMA core AUTHORIZATION app_core;
CREATE SCHEMA ops AUTHORIZATION app_core;
CREATE SCHEMA sales AUTHORIZATION app_sales;
CREATE SCHEMA stock AUTHORIZATION app_sales;
CREATE SCHEMA people AUTHORIZATION app_people;
CREATE SCHEMA "Old CRM" AUTHORIZATION app_sales;
COMMENT ON SCHEMA "Old CRM" IS 'Bought in 2014 with the company; "temporary".';
GRANT USAGE ON SCHEMA ext TO PUBLIC;
GRANT USAGE ON SCHEMA core, ops, sales, stock, people, "Old CRM" TO app_core, app_sales, app_people, app_read, app_write, app_support, app_tenant;
GRANT CREATE ON SCHEMA public TO app_core;

CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist WITH SCHEMA ext;
CREATE EXTENSION hstore WITH SCHEMA ext;
CREATE EXTENSION intarray WITH SCHEMA ext;

-- They hold for tables that the owners create, not for those that the superuser creates here.
ALTER DEFAULT PRIVILEGES FOR ROLE app_sales IN SCHEMA sales GRANT SELECT ON TABLES TO app_read;
ALTER DEFAULT PRIVILEGES FOR ROLE app_core GRANT ALL ON TABLES TO app_support;

-- Types

CREATE TYPE core.account_status AS ENUM ('new', 'active', 'locked', 'closed');
ALTER TYPE core.account_status ADD VALUE 'invited' BEFORE 'new';
CREATE TYPE core.member_role AS ENUM ('owner', 'admin', 'member', 'guest');
CREATE TYPE core.geo AS (lat numeric(9, 6), lon numeric(9, 6));
CREATE TYPE stock.dimensions AS (width_mm integer, height_mm integer, depth_mm integer, material text);
CREATE TYPE sales."Order State" AS ENUM ('open', 'paid', 'sent', 'done', 'cancelled');
CREATE DOMAIN core.slug AS varchar(40) CONSTRAINT slug_form CHECK (VALUE ~ '^[a-z0-9-]+$');
CREATE DOMAIN core.email AS public.citext CHECK (VALUE ~ '^[^@ ]+@[^@ ]+$');
CREATE DOMAIN core.amount AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE DOMAIN core.percent AS smallint DEFAULT 0 NOT NULL CHECK (VALUE BETWEEN 0 AND 100);
COMMENT ON DOMAIN core.amount IS 'Never below zero; refunds are rows of their own';
CREATE COLLATION core.numbers_last (provider = icu, locale = 'en-u-kn-true');

-- Functions that tables need

CREATE FUNCTION core.clock() RETURNS timestamptz LANGUAGE sql STABLE AS
  $$ SELECT coalesce(nullif(pg_catalog.current_setting('app.clock', true), '')::timestamptz, pg_catalog.now()) $$;
COMMENT ON FUNCTION core.clock() IS 'now(), unless app.clock says otherwise';

CREATE FUNCTION core.actor() RETURNS text LANGUAGE sql STABLE
  RETURN coalesce(nullif(current_setting('app.actor', true), ''), current_user::text);

CREATE FUNCTION core.tenant() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.tenant', true), '')::integer;

CREATE FUNCTION core.fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lower(regexp_replace(value, '\s+', ' ', 'g'));

CREATE FUNCTION core.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := core.clock();
  RETURN NEW;
END $$;

CREATE FUNCTION stock.volume(d stock.dimensions) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN (d).width_mm::bigint * (d).height_mm * (d).depth_mm;

-- Volatile on purpose, and always the same: two databases stay comparable.
CREATE FUNCTION ops.origin() RETURNS text LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN 'import ' || 7; END $$;

CREATE SEQUENCE sales.order_number_seq START 100000 INCREMENT 3 CACHE 1;
CREATE FUNCTION sales.next_number(prefix text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN prefix || '-' || nextval('sales.order_number_seq');
END $$;

-- core

CREATE TABLE core.setting (
  key text COLLATE "C" PRIMARY KEY,
  value text,
  "default" text,
  updated_at timestamptz NOT NULL DEFAULT core.clock()
) WITH (fillfactor = 50);
COMMENT ON COLUMN core.setting."default" IS 'what holds where value is NULL';

CREATE FUNCTION core.setting_of(name text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = core, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(s.value, s."default") FROM setting s WHERE s.key = name);
END $$;

CREATE TABLE core.country (
  code char(2) PRIMARY KEY,
  name text NOT NULL,
  "in EU" boolean NOT NULL DEFAULT false,
  vat_rate numeric(4, 2) CHECK (vat_rate < 30)
);
CREATE UNIQUE INDEX ON core.country (name COLLATE core.numbers_last);
COMMENT ON TABLE core.country IS 'ISO 3166-1; the vendor''s list';

CREATE TABLE core.currency (
  code char(3) PRIMARY KEY,
  name varchar(60) NOT NULL,
  minor_units smallint NOT NULL DEFAULT 2,
  rate_to_eur double precision
);

CREATE TABLE core.tenant (
  id integer GENERATED ALWAYS AS IDENTITY (START WITH 1 MINVALUE 1 MAXVALUE 2000000000) PRIMARY KEY,
  slug core.slug NOT NULL UNIQUE,
  plan_code text NOT NULL DEFAULT 'basic',
  parent_id integer REFERENCES core.tenant ON DELETE RESTRICT,
  country char(2) REFERENCES core.country ON UPDATE CASCADE,
  owner_account_id integer,
  limits jsonb NOT NULL DEFAULT '{"accounts": 10}',
  created_at timestamptz NOT NULL DEFAULT core.clock(),
  CONSTRAINT tenant_is_not_its_parent CHECK (parent_id <> id)
);
CREATE INDEX ON core.tenant (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX tenant_limits ON core.tenant USING gin (limits jsonb_path_ops);
COMMENT ON CONSTRAINT tenant_is_not_its_parent ON core.tenant IS 'longer circles are found by night';

CREATE TABLE core.account (
  id serial PRIMARY KEY,
  tenant_id integer NOT NULL REFERENCES core.tenant,
  legacy_id integer,
  email core.email NOT NULL,
  full_name varchar(120),
  password_md5 char(32),
  status core.account_status NOT NULL DEFAULT 'new',
  referrer_id integer REFERENCES core.account (id) ON DELETE SET NULL,
  default_address_id bigint,
  attrs ext.hstore NOT NULL DEFAULT '',
  last_ips inet[],
  born date,
  login_count integer NOT NULL DEFAULT 0,
  fax varchar(20),
  created_at timestamptz NOT NULL DEFAULT core.clock(),
  updated_at timestamptz NOT NULL DEFAULT core.clock(),
  UNIQUE (tenant_id, email),
  CONSTRAINT account_born CHECK (born > '1900-01-01') NO INHERIT
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_enabled = true);
ALTER TABLE core.account DROP COLUMN legacy_id, DROP COLUMN password_md5;
ALTER TABLE core.account ALTER COLUMN full_name SET STATISTICS 500, ALTER COLUMN attrs SET STORAGE EXTERNAL;
ALTER TABLE core.account ALTER COLUMN tenant_id SET (n_distinct = 100);
CREATE INDEX account_full_name_trgm ON core.account USING gin (full_name public.gin_trgm_ops);
CREATE INDEX account_folded ON core.account (core.fold(full_name::text) text_pattern_ops);
CREATE INDEX account_attrs ON core.account USING gin (attrs);
CREATE INDEX account_created ON core.account (created_at DESC NULLS LAST, id) INCLUDE (status) WITH (fillfactor = 70);
CREATE INDEX account_locked ON core.account (tenant_id) WHERE status = 'locked';
ALTER INDEX core.account_folded ALTER COLUMN 1 SET STATISTICS 250;
COMMENT ON TABLE core.account IS E'Who may log in.\nSee also public."user", which nobody dares to drop.';
COMMENT ON COLUMN core.account.fax IS 'unused since 2016';
COMMENT ON INDEX core.account_full_name_trgm IS 'for the search box';

CREATE TABLE core.address (
  id bigserial PRIMARY KEY,
  account_id integer NOT NULL REFERENCES core.account ON DELETE CASCADE,
  lines text[] NOT NULL CHECK (cardinality(lines) BETWEEN 1 AND 4),
  zip varchar(12),
  country char(2) NOT NULL REFERENCES core.country ON UPDATE CASCADE,
  pos core.geo,
  label text COMPRESSION pglz,
  UNIQUE (account_id, id)
);
CREATE INDEX address_lat ON core.address (((pos).lat)) WHERE pos IS NOT NULL;
CREATE INDEX address_zip ON core.address USING hash (zip);
-- An account's address is one of its own.
ALTER TABLE core.account ADD CONSTRAINT account_default_address
  FOREIGN KEY (id, default_address_id) REFERENCES core.address (account_id, id) ON DELETE SET NULL (default_address_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE core.tenant ADD CONSTRAINT tenant_owner
  FOREIGN KEY (owner_account_id) REFERENCES core.account ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
COMMENT ON CONSTRAINT tenant_owner ON core.tenant IS 'deferred: the owner is made after the tenant';

CREATE TABLE core.membership (
  tenant_id integer NOT NULL REFERENCES core.tenant ON DELETE CASCADE,
  account_id integer NOT NULL REFERENCES core.account ON DELETE CASCADE,
  role core.member_role NOT NULL DEFAULT 'member',
  invited_by integer,
  since date NOT NULL DEFAULT '2020-01-01',
  note text,
  PRIMARY KEY (tenant_id, account_id),
  FOREIGN KEY (tenant_id, invited_by) REFERENCES core.membership (tenant_id, account_id) ON DELETE SET NULL (invited_by)
);
CREATE INDEX ON core.membership (account_id) INCLUDE (role);

CREATE FUNCTION core.is_member(t integer, a integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER BEGIN ATOMIC
  SELECT EXISTS (SELECT FROM core.membership m WHERE m.tenant_id = t AND m.account_id = a);
END;

CREATE TABLE core.tag (
  id smallserial PRIMARY KEY,
  parent_id smallint REFERENCES core.tag ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE,
  name public.citext NOT NULL,
  colour char(7) DEFAULT '#ffffff',
  CONSTRAINT tag_name UNIQUE NULLS NOT DISTINCT (parent_id, name)
);

CREATE TABLE core.tagging (
  tag_id smallint NOT NULL REFERENCES core.tag ON DELETE CASCADE,
  object_kind text NOT NULL,
  object_id bigint NOT NULL,
  tagged_at timestamp,
  PRIMARY KEY (object_kind, object_id, tag_id)
);

CREATE TABLE core.document (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id integer NOT NULL REFERENCES core.tenant ON DELETE CASCADE,
  author_id integer REFERENCES core.account ON DELETE SET NULL,
  serial_no integer NOT NULL GENERATED BY DEFAULT AS IDENTITY,
  title text NOT NULL,
  body text,
  words tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(title, '') || ' ' || coalesce(body, ''))) STORED,
  public boolean NOT NULL DEFAULT false,
  pages integer DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT core.clock()
) WITH (toast_tuple_target = 512);
CREATE INDEX document_words ON core.document USING gin (words) WITH (fastupdate = off);
CREATE INDEX document_created ON core.document USING brin (created_at) WITH (pages_per_range = 16);
ALTER TABLE core.document ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_sees ON core.document FOR SELECT TO app_tenant, app_read
  USING (tenant_id = core.tenant() OR core.is_member(tenant_id, author_id));
CREATE POLICY "public ones" ON core.document FOR SELECT
  USING (public AND EXISTS (SELECT FROM core.tagging g WHERE g.object_kind = 'document' AND g.object_id = serial_no));
CREATE POLICY tenant_writes ON core.document TO app_tenant USING (tenant_id = core.tenant()) WITH CHECK (tenant_id = core.tenant());
CREATE POLICY not_too_long ON core.document AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (true) WITH CHECK (pages < 10000);
COMMENT ON POLICY tenant_sees ON core.document IS 'members see what their tenant has';

CREATE TABLE core.api_token (
  token uuid PRIMARY KEY,
  account_id integer NOT NULL REFERENCES core.account ON DELETE CASCADE,
  digest bytea NOT NULL,
  scopes text[] NOT NULL DEFAULT ARRAY['read'],
  valid tstzrange,
  uses bigint NOT NULL DEFAULT 0,
  revoked_at timestamptz
);
CREATE UNIQUE INDEX api_token_one_live ON core.api_token (account_id, (scopes[1])) WHERE revoked_at IS NULL;
CREATE INDEX ON core.api_token USING gist (valid);
ALTER TABLE core.api_token REPLICA IDENTITY FULL;

CREATE UNLOGGED TABLE core.session (
  id uuid PRIMARY KEY,
  account_id integer REFERENCES core.account ON DELETE CASCADE,
  data jsonb,
  seen_at timestamptz NOT NULL DEFAULT core.clock()
);

CREATE TABLE core.feature_flag (
  key text PRIMARY KEY,
  "on" boolean NOT NULL DEFAULT false,
  accounts integer[] NOT NULL DEFAULT '{}',
  share core.percent,
  "user" name
);
CREATE INDEX feature_flag_accounts ON core.feature_flag USING gin (accounts ext.gin__int_ops);

-- public: what was there before there were schemas

CREATE TABLE public."user" (
  id integer PRIMARY KEY,
  "select" text,
  "from" text NOT NULL,
  "group" integer,
  "order" integer DEFAULT 0,
  "end" timestamp,
  name varchar(50)
);
ALTER TABLE public."user" DROP COLUMN "end";
CREATE INDEX "user" ON core.setting ("default");
CREATE TABLE public."group" (
  id integer NOT NULL,
  "table" text NOT NULL,
  boss integer REFERENCES public."user" (id) ON DELETE SET DEFAULT DEFAULT 0,
  CONSTRAINT "primary" PRIMARY KEY (id)
);
ALTER TABLE public."user" ADD CONSTRAINT "user_group" FOREIGN KEY ("group") REFERENCES public."group" (id) ON DELETE SET NULL DEFERRABLE INITIALLY IMMEDIATE;
CREATE TABLE public.user_group (
  "user" integer NOT NULL REFERENCES public."user",
  "group" integer NOT NULL REFERENCES public."group" ON UPDATE CASCADE ON DELETE CASCADE,
  added timestamp DEFAULT '2013-06-01 00:00',
  flags bit(8) DEFAULT B'00000000',
  CONSTRAINT user_group_pk PRIMARY KEY ("user", "group") DEFERRABLE
);
COMMENT ON TABLE public.user_group IS 'n:m';
CREATE TABLE public.schema_migrations (version varchar(14) NOT NULL, applied_by text DEFAULT core.actor(), took interval second(3));
CREATE UNIQUE INDEX unique_schema_migrations ON public.schema_migrations (version);
CREATE TABLE public.raw_import (line integer, content text, loaded_at timestamptz DEFAULT core.clock());
COMMENT ON TABLE public.raw_import IS 'no key: rows come and go with every import';

-- sales

CREATE TABLE sales.customer (
  id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  tenant_id integer NOT NULL REFERENCES core.tenant,
  account_id integer REFERENCES core.account ON DELETE SET NULL,
  number text NOT NULL,
  name text NOT NULL,
  old_number varchar(8),
  company text,
  country char(2) REFERENCES core.country,
  credit_limit core.amount DEFAULT 500,
  rating smallint CHECK (rating BETWEEN 1 AND 5),
  discount core.percent,
  vat_id text CONSTRAINT vat_id_form CHECK (vat_id ~ '^[A-Z]{2}[0-9]+$'),
  notes text,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', name || ' ' || coalesce(company, ''))) STORED,
  created_at timestamptz NOT NULL DEFAULT core.clock(),
  updated_at timestamptz NOT NULL DEFAULT core.clock(),
  UNIQUE (tenant_id, number) INCLUDE (name)
);
ALTER TABLE sales.customer DROP COLUMN old_number;
CREATE INDEX customer_search ON sales.customer USING gin (search);
CREATE INDEX customer_name ON sales.customer USING gin (name public.gin_trgm_ops);
CREATE INDEX ON sales.customer (lower(company), (rating > 3));
ALTER TABLE sales.customer CLUSTER ON customer_pkey;
CREATE STATISTICS sales.customer_place (dependencies, ndistinct) ON tenant_id, country FROM sales.customer;
CREATE STATISTICS ops.customer_words ON lower(company), (rating * 2) FROM sales.customer;
ALTER STATISTICS sales.customer_place SET STATISTICS 400;
COMMENT ON STATISTICS ops.customer_words IS 'the planner was off by a factor of 900';
COMMENT ON COLUMN sales.customer.number IS 'Kundennummer — unique per tenant';

CREATE TABLE sales.contact (
  id serial PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES sales.customer ON DELETE CASCADE,
  kind char(1) NOT NULL DEFAULT 'e' CHECK (kind IN ('e', 'p', 'f')),
  value public.citext NOT NULL,
  preferred boolean NOT NULL DEFAULT false,
  EXCLUDE (customer_id WITH =, kind WITH =) WHERE (preferred) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE sales.price_list (
  id integer PRIMARY KEY,
  name text NOT NULL,
  currency char(3) NOT NULL DEFAULT 'EUR' REFERENCES core.currency,
  valid daterange NOT NULL DEFAULT '[2015-01-01,)',
  base_id integer
);
ALTER TABLE sales.price_list ADD FOREIGN KEY (base_id) REFERENCES sales.price_list DEFERRABLE INITIALLY DEFERRED;

-- stock, the first half: products

CREATE TABLE stock.category (
  id integer PRIMARY KEY,
  parent_id integer REFERENCES stock.category ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  name text NOT NULL COLLATE core.numbers_last,
  position smallint,
  UNIQUE (parent_id, position) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE stock.product (
  id integer GENERATED BY DEFAULT AS IDENTITY (CACHE 5) PRIMARY KEY,
  sku varchar(20) NOT NULL CONSTRAINT product_sku UNIQUE,
  name text NOT NULL,
  size stock.dimensions,
  net numeric(10, 2) NOT NULL,
  vat numeric(4, 2) NOT NULL DEFAULT 19,
  gross numeric(12, 4) GENERATED ALWAYS AS (net * (1 + vat / 100)) STORED,
  on_hand integer NOT NULL DEFAULT 0,
  colour text,
  attrs ext.hstore,
  related integer[],
  main_category integer REFERENCES stock.category ON DELETE SET NULL,
  successor_id integer REFERENCES stock.product,
  discontinued date,
  weight real,
  updated_at timestamptz NOT NULL DEFAULT core.clock(),
  CHECK (net >= 0), CHECK (vat >= 0 AND vat < 100), CHECK (successor_id <> id)
) WITH (parallel_workers = 2, log_autovacuum_min_duration = 1000);
CREATE INDEX product_volume ON stock.product (stock.volume(size));
CREATE INDEX product_brand ON stock.product ((attrs OPERATOR(ext.->) 'brand'));
CREATE INDEX product_related ON stock.product USING gin (related ext.gin__int_ops);
CREATE INDEX product_name ON stock.product USING gist (name public.gist_trgm_ops);
CREATE INDEX product_current ON stock.product (main_category, name DESC) WHERE discontinued IS NULL;
CREATE STATISTICS ops.product_kinds (mcv) ON colour, vat, main_category FROM stock.product;
ALTER TABLE stock.product ALTER COLUMN colour SET STATISTICS 1000, ALTER COLUMN weight SET STATISTICS 0;
COMMENT ON CONSTRAINT product_sku ON stock.product IS 'printed on the box';

CREATE TABLE stock.product_category (
  product_id integer NOT NULL REFERENCES stock.product ON DELETE CASCADE,
  category_id integer NOT NULL REFERENCES stock.category ON DELETE RESTRICT,
  rank real DEFAULT 0.5,
  PRIMARY KEY (product_id, category_id) INCLUDE (rank)
);

CREATE TABLE sales.price (
  price_list_id integer NOT NULL REFERENCES sales.price_list ON DELETE CASCADE,
  product_id integer NOT NULL REFERENCES stock.product ON DELETE CASCADE,
  valid tstzrange NOT NULL,
  amount core.amount NOT NULL,
  reason text,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  CONSTRAINT one_price_at_a_time EXCLUDE USING gist (price_list_id WITH =, product_id WITH =, valid WITH &&)
);
COMMENT ON CONSTRAINT one_price_at_a_time ON sales.price IS 'by btree_gist';

CREATE TABLE sales.cart (
  id serial PRIMARY KEY,
  account_id integer REFERENCES core.account ON DELETE CASCADE,
  opened timestamptz NOT NULL DEFAULT core.clock(),
  item_count smallint NOT NULL DEFAULT 0,
  source varchar(10) DEFAULT 'web'
);
CREATE TABLE sales.cart_item (
  cart_id integer NOT NULL REFERENCES sales.cart ON DELETE CASCADE,
  line smallint NOT NULL,
  product_id integer NOT NULL REFERENCES stock.product,
  quantity integer NOT NULL DEFAULT 1 CHECK (quantity > 0),
  wish jsonb,
  PRIMARY KEY (cart_id, line)
);
CREATE TABLE sales.cart_log (id bigserial PRIMARY KEY, cart_id integer, what text, items smallint);
CREATE RULE log_delete AS ON DELETE TO sales.cart DO ALSO
  INSERT INTO sales.cart_log (cart_id, what, items) VALUES (OLD.id, 'deleted', OLD.item_count);
COMMENT ON RULE log_delete ON sales.cart IS 'from before we had triggers';

CREATE TABLE sales."order" (
  id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  tenant_id integer NOT NULL REFERENCES core.tenant,
  number text NOT NULL DEFAULT sales.next_number('A') UNIQUE,
  customer_id integer NOT NULL REFERENCES sales.customer,
  cart_id integer REFERENCES sales.cart ON DELETE SET NULL,
  bill_to bigint REFERENCES core.address,
  ship_to bigint REFERENCES core.address,
  state sales."Order State" NOT NULL DEFAULT 'open',
  history sales."Order State"[] NOT NULL DEFAULT '{open}',
  currency char(3) NOT NULL DEFAULT 'EUR' REFERENCES core.currency ON UPDATE CASCADE,
  total core.amount NOT NULL DEFAULT 0,
  printed boolean,
  placed timestamptz NOT NULL DEFAULT core.clock(),
  terms text DEFAULT core.setting_of('terms'),
  client_info json,
  updated_at timestamptz NOT NULL DEFAULT core.clock(),
  CONSTRAINT order_of_tenant UNIQUE (tenant_id, id)
) WITH (fillfactor = 80);
ALTER TABLE sales."order" DROP COLUMN printed;
CREATE INDEX ON sales."order" (customer_id, placed DESC);
CREATE INDEX order_open ON sales."order" (placed) WHERE state IN ('open', 'paid');
CREATE INDEX "order by month" ON sales."order" (date_trunc('month', placed AT TIME ZONE 'UTC'));
CREATE STATISTICS sales."order state of currency" ON state, currency FROM sales."order";
COMMENT ON TABLE sales."order" IS 'The heart of it. Do not touch on Fridays.';
COMMENT ON COLUMN sales."order".history IS 'every state it was in';

CREATE TABLE sales.order_line (
  tenant_id integer NOT NULL,
  order_id integer NOT NULL,
  line_no smallint NOT NULL,
  parent_line smallint,
  product_id integer NOT NULL REFERENCES stock.product ON DELETE RESTRICT,
  quantity integer NOT NULL CHECK (quantity > 0),
  price core.amount NOT NULL,
  rebate core.percent,
  old_tax numeric,
  amount numeric(14, 2) GENERATED ALWAYS AS (round(quantity * price::numeric * (100 - rebate) / 100, 2)) STORED,
  remark varchar(200),
  CONSTRAINT order_line_pk PRIMARY KEY (order_id, line_no),
  CONSTRAINT order_line_of_order FOREIGN KEY (tenant_id, order_id) REFERENCES sales."order" (tenant_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT order_line_part_of FOREIGN KEY (order_id, parent_line) REFERENCES sales.order_line ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE sales.order_line DROP COLUMN old_tax;
CREATE INDEX ON sales.order_line (product_id) INCLUDE (quantity, price);

CREATE TABLE sales.invoice (
  id integer PRIMARY KEY,
  number bigserial,
  tenant_id integer,
  order_id integer,
  customer_id integer NOT NULL REFERENCES sales.customer ON UPDATE CASCADE ON DELETE RESTRICT,
  reverses_id integer REFERENCES sales.invoice,
  issued date NOT NULL,
  due date NOT NULL,
  total core.amount NOT NULL,
  pdf bytea,
  lines jsonb,
  archived_as varchar(30),
  CONSTRAINT invoice_of_order FOREIGN KEY (tenant_id, order_id) REFERENCES sales."order" (tenant_id, id) MATCH FULL,
  CONSTRAINT due_after_issued CHECK (due >= issued) NOT VALID,
  UNIQUE (number)
);
ALTER TABLE sales.invoice ALTER COLUMN pdf SET STORAGE EXTERNAL, ALTER COLUMN lines SET COMPRESSION pglz;
CREATE UNIQUE INDEX invoice_reversed_once ON sales.invoice (reverses_id) WHERE reverses_id IS NOT NULL;
ALTER TABLE sales.invoice REPLICA IDENTITY USING INDEX invoice_number_key;

CREATE TABLE sales.payment (
  id bigint PRIMARY KEY,
  invoice_id integer NOT NULL REFERENCES sales.invoice,
  paid_on date NOT NULL,
  amount numeric(12, 2) NOT NULL,
  method text CHECK (method IN ('card', 'bank', 'cash'))
);
CREATE TABLE sales.refund (
  id serial PRIMARY KEY,
  payment_id bigint NOT NULL UNIQUE REFERENCES sales.payment ON DELETE CASCADE,
  refunded_on date NOT NULL,
  amount numeric(12, 2) NOT NULL,
  reason text
);

CREATE TABLE sales.coupon (
  id integer PRIMARY KEY,
  code text NOT NULL,
  percent core.percent,
  usable int4range DEFAULT '[1,100]',
  countries char(2)[],
  deleted boolean NOT NULL DEFAULT false,
  made_for integer REFERENCES sales.customer
);
CREATE UNIQUE INDEX coupon_code ON sales.coupon (upper(code)) WHERE NOT deleted;
CREATE RULE soft_delete AS ON DELETE TO sales.coupon DO INSTEAD
  UPDATE sales.coupon SET deleted = true WHERE id = OLD.id;

CREATE TABLE sales.coupon_use (
  coupon_id integer NOT NULL,
  order_id integer NOT NULL REFERENCES sales."order" ON DELETE CASCADE,
  used_at timestamptz NOT NULL DEFAULT core.clock(),
  saved numeric,
  PRIMARY KEY (order_id, coupon_id)
);
-- Some old rows point to coupons that are gone: it cannot be validated.
ALTER TABLE sales.coupon_use ADD CONSTRAINT coupon_use_of FOREIGN KEY (coupon_id) REFERENCES sales.coupon ON DELETE RESTRICT NOT VALID;
COMMENT ON CONSTRAINT coupon_use_of ON sales.coupon_use IS 'NOT VALID since 2018';

CREATE TABLE sales.subscription (
  id integer GENERATED ALWAYS AS IDENTITY (START WITH 5000 INCREMENT BY 10) PRIMARY KEY,
  number bigint NOT NULL DEFAULT nextval('sales.invoice_number_seq') UNIQUE,
  customer_id integer NOT NULL REFERENCES sales.customer,
  coupon_id integer REFERENCES sales.coupon,
  every interval month NOT NULL DEFAULT '1 month',
  starts date NOT NULL,
  ends date,
  runs daterange GENERATED ALWAYS AS (daterange(starts, ends, '[]')) STORED,
  price money,
  CHECK (ends IS NULL OR ends >= starts)
);
CREATE INDEX subscription_runs ON sales.subscription USING spgist (runs);

CREATE TABLE sales.quote (
  id integer PRIMARY KEY,
  tenant_id integer NOT NULL REFERENCES core.tenant,
  customer_id integer REFERENCES sales.customer,
  amount core.amount,
  body xml
);
ALTER TABLE sales.quote ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_quotes ON sales.quote USING (tenant_id = core.tenant());

-- stock, the second half: places

CREATE TABLE stock.supplier (
  id integer PRIMARY KEY,
  name text NOT NULL,
  country char(2) NOT NULL REFERENCES core.country,
  iban varchar(34),
  rating double precision,
  parent_company integer REFERENCES stock.supplier ON DELETE SET NULL
);
CREATE TABLE stock.warehouse (
  id smallint PRIMARY KEY,
  name text NOT NULL UNIQUE,
  place core.geo,
  outline polygon,
  manager text,
  open_hours jsonb
);
CREATE TABLE stock.bin (
  warehouse_id smallint NOT NULL REFERENCES stock.warehouse,
  code varchar(6) NOT NULL,
  depth integer,
  reserved_for integer REFERENCES stock.supplier ON DELETE SET NULL,
  PRIMARY KEY (warehouse_id, code)
);
CREATE INDEX bin_code ON stock.bin (code varchar_pattern_ops);
CREATE TABLE stock.level (
  warehouse_id smallint NOT NULL,
  bin_code varchar(6) NOT NULL,
  product_id integer NOT NULL REFERENCES stock.product,
  pieces integer NOT NULL DEFAULT 0 CHECK (pieces >= 0),
  counted_at timestamp without time zone,
  remark char(20),
  PRIMARY KEY (warehouse_id, bin_code, product_id),
  CONSTRAINT level_in_bin FOREIGN KEY (warehouse_id, bin_code) REFERENCES stock.bin ON UPDATE CASCADE
) WITH (fillfactor = 60);
CREATE TABLE stock.purchase (
  id bigint PRIMARY KEY,
  supplier_id integer NOT NULL REFERENCES stock.supplier ON DELETE RESTRICT,
  warehouse_id smallint REFERENCES stock.warehouse,
  product_ids integer[] NOT NULL,
  state text NOT NULL DEFAULT 'draft',
  ordered_on date,
  expected date,
  cost numeric(14, 4),
  approved_by integer
);
CREATE TABLE stock.lot (
  id integer PRIMARY KEY,
  product_id integer NOT NULL REFERENCES stock.product,
  purchase_id bigint REFERENCES stock.purchase,
  best_before date
);
CREATE TABLE stock.movement (
  id bigint NOT NULL,
  at timestamptz NOT NULL,
  lot_id integer NOT NULL REFERENCES stock.lot,
  pieces integer NOT NULL,
  note text,
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE TABLE stock.movement_2022 PARTITION OF stock.movement FOR VALUES FROM ('2022-01-01 00:00Z') TO ('2023-01-01 00:00Z');
CREATE TABLE stock.movement_2023 PARTITION OF stock.movement FOR VALUES FROM ('2023-01-01 00:00Z') TO ('2024-01-01 00:00Z') WITH (fillfactor = 90);
CREATE TABLE stock.movement_2024 (note text, pieces integer NOT NULL, gone text, id bigint NOT NULL, lot_id integer NOT NULL, at timestamptz NOT NULL);
ALTER TABLE stock.movement_2024 DROP COLUMN gone;
ALTER TABLE stock.movement ATTACH PARTITION stock.movement_2024 FOR VALUES FROM ('2024-01-01 00:00Z') TO ('2025-01-01 00:00Z');
CREATE TABLE stock.movement_rest PARTITION OF stock.movement DEFAULT;
CREATE INDEX movement_lot ON stock.movement (lot_id);

-- people

CREATE TABLE people.department (
  id integer PRIMARY KEY,
  name public.citext NOT NULL UNIQUE,
  head_id integer NOT NULL,
  cost_centre char(6),
  parent_id integer REFERENCES people.department
);
CREATE TABLE people.employee (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  department_id integer NOT NULL REFERENCES people.department DEFERRABLE INITIALLY DEFERRED,
  manager_id integer REFERENCES people.employee ON DELETE SET NULL,
  account_id integer UNIQUE REFERENCES core.account ON DELETE SET NULL,
  first_name text NOT NULL,
  last_name text NOT NULL,
  badge text,
  display text GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED,
  hired date NOT NULL,
  room varchar(10),
  photo bytea,
  updated_at timestamptz NOT NULL DEFAULT core.clock()
);
ALTER TABLE people.department ADD CONSTRAINT department_head FOREIGN KEY (head_id) REFERENCES people.employee DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE people.employee ENABLE ROW LEVEL SECURITY;
CREATE POLICY oneself ON people.employee FOR SELECT TO app_read USING (display = core.actor());
CREATE POLICY everyone_hired ON people.employee FOR ALL TO app_write, app_support USING (hired <= core.clock()::date);
CREATE TABLE people.salary (
  employee_id integer NOT NULL REFERENCES people.employee ON DELETE CASCADE,
  since date NOT NULL,
  monthly core.amount NOT NULL,
  currency char(3) NOT NULL DEFAULT 'EUR' REFERENCES core.currency,
  bonus numeric(5, 3),
  PRIMARY KEY (employee_id, since)
);
ALTER TABLE people.salary ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY payroll ON people.salary TO app_people USING (monthly < 20000);
CREATE TABLE people.absence (
  id integer PRIMARY KEY,
  employee_id integer NOT NULL REFERENCES people.employee ON DELETE CASCADE,
  during daterange NOT NULL,
  kind text NOT NULL DEFAULT 'holiday',
  half_days bit varying(31),
  EXCLUDE USING gist (employee_id WITH =, during WITH &&)
);
CREATE TABLE people.person (id integer PRIMARY KEY, name text NOT NULL, phone text, CONSTRAINT person_has_name CHECK (name <> ''));
CREATE TABLE people.contractor (firm text, daily_rate numeric(8, 2), PRIMARY KEY (id)) INHERITS (people.person);

-- ops

CREATE TABLE ops.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT core.clock(),
  actor text NOT NULL DEFAULT core.actor(),
  "table" text NOT NULL,
  op "char" NOT NULL,
  before jsonb,
  after jsonb,
  tx xid8
) WITH (autovacuum_vacuum_insert_threshold = 100000);
CREATE INDEX audit_at ON ops.audit USING brin (at);
CREATE INDEX audit_after ON ops.audit USING gin (after) WHERE op <> 'D';
COMMENT ON COLUMN ops.audit.op IS 'I, U or D';

CREATE TABLE ops.job (
  id serial PRIMARY KEY,
  queue text NOT NULL DEFAULT 'default',
  priority smallint NOT NULL DEFAULT 5,
  payload jsonb NOT NULL DEFAULT '{}',
  run_at timestamptz NOT NULL DEFAULT core.clock(),
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  done boolean NOT NULL DEFAULT false,
  after_id integer REFERENCES ops.job ON DELETE CASCADE
);
CREATE INDEX job_next ON ops.job (queue, priority DESC, run_at) WHERE NOT done;
CREATE TABLE ops.job_run (
  job_id integer NOT NULL REFERENCES ops.job ON DELETE CASCADE,
  attempt integer NOT NULL,
  took interval,
  host macaddr,
  output text,
  PRIMARY KEY (job_id, attempt)
);
CREATE TABLE ops.outbox (
  id bigint GENERATED BY DEFAULT AS IDENTITY,
  topic varchar(40) NOT NULL,
  key text,
  message jsonb NOT NULL,
  origin text DEFAULT ops.origin(),
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);
CREATE TABLE ops.event (
  kind text NOT NULL,
  id bigint NOT NULL,
  account_id integer,
  at timestamp NOT NULL,
  data jsonb,
  PRIMARY KEY (kind, id)
) PARTITION BY LIST (kind);
CREATE TABLE ops.event_login PARTITION OF ops.event FOR VALUES IN ('login', 'logout');
CREATE TABLE ops.event_mail PARTITION OF ops.event FOR VALUES IN ('mail', 'bounce');
CREATE TABLE ops.event_other PARTITION OF ops.event DEFAULT;
CREATE INDEX ON ops.event (account_id);
CREATE TABLE ops.event_note (
  id integer PRIMARY KEY,
  event_kind text NOT NULL,
  event_id bigint NOT NULL,
  note text,
  FOREIGN KEY (event_kind, event_id) REFERENCES ops.event ON DELETE CASCADE
);
CREATE TABLE ops.health (id integer PRIMARY KEY, node text NOT NULL, load real, ok boolean NOT NULL DEFAULT true);
CREATE FUNCTION ops.sick_nodes() RETURNS SETOF ops.health LANGUAGE sql STABLE AS $$ SELECT * FROM ops.health WHERE NOT ok $$;

-- "Old CRM"

CREATE TABLE "Old CRM"."Kunden & Partner" (
  "Kunden-Nr." integer PRIMARY KEY,
  "Name ""kurz""" varchar(30) NOT NULL,
  "Straße" text,
  "e-mail" text,
  "select" integer,
  "Umsatz %" numeric(5, 2),
  "dropme" text,
  "ÄnderungsDatum" timestamp,
  "Ort's" text DEFAULT 'O''Fallon',
  CONSTRAINT "Umsatz ist %" CHECK ("Umsatz %" <= 100)
);
ALTER TABLE "Old CRM"."Kunden & Partner" DROP COLUMN "dropme";
CREATE INDEX "IX Kunden; Straße" ON "Old CRM"."Kunden & Partner" ("Straße" DESC, lower("Name ""kurz""")) WHERE "select" IS NOT NULL;
COMMENT ON TABLE "Old CRM"."Kunden & Partner" IS '"alles" \ in ''einem'' — ☃';
COMMENT ON COLUMN "Old CRM"."Kunden & Partner"."Straße" IS 'mit Hausnummer';
CREATE TABLE "Old CRM"."Notizen" (
  "Nr" serial PRIMARY KEY,
  "Kunde" integer NOT NULL,
  "Text" text,
  gesperrt boolean NOT NULL DEFAULT false,
  "VorgängerNr" integer REFERENCES "Old CRM"."Notizen" ON DELETE CASCADE,
  CONSTRAINT "Notiz → Kunde" FOREIGN KEY ("Kunde") REFERENCES "Old CRM"."Kunden & Partner" ON DELETE CASCADE
);
CREATE RULE "gesperrte bleiben" AS ON UPDATE TO "Old CRM"."Notizen" WHERE OLD.gesperrt DO INSTEAD NOTHING;
CREATE RULE "nie benutzt" AS ON DELETE TO "Old CRM"."Notizen" DO INSTEAD NOTHING;
ALTER TABLE "Old CRM"."Notizen" DISABLE RULE "nie benutzt";
-- Names of 63 bytes: those that PostgreSQL derives from them are cut.
CREATE TABLE "Old CRM".a_table_whose_name_has_exactly_as_many_bytes_as_a_name_may_have (
  a_column_whose_name_has_exactly_as_many_bytes_as_names_may_have bigserial PRIMARY KEY,
  a_column_whose_name_has_exactly_as_many_bytes_as_names_may_hold integer UNIQUE,
  a_kunde integer REFERENCES "Old CRM"."Kunden & Partner" ON DELETE SET NULL,
  b text CHECK (b <> '')
);

-- Functions with bodies that PostgreSQL keeps parsed

CREATE FUNCTION sales.order_total(o integer) RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT coalesce(sum(l.amount), 0) FROM sales.order_line l WHERE l.order_id = o;
END;
COMMENT ON FUNCTION sales.order_total(integer) IS 'without shipping';
CREATE FUNCTION stock.available(p integer, OUT pieces bigint, OUT places bigint) LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT sum(v.pieces), count(*) FROM stock.level v JOIN stock.warehouse w ON w.id = v.warehouse_id WHERE v.product_id = p AND v.pieces > 0;
END;
CREATE PROCEDURE ops.finish_job(number integer, error text DEFAULT NULL) LANGUAGE sql BEGIN ATOMIC
  UPDATE ops.job SET done = error IS NULL, last_error = error, attempts = attempts + 1 WHERE id = number;
  INSERT INTO ops.job_run (job_id, attempt, output) SELECT j.id, j.attempts, error FROM ops.job j WHERE j.id = number;
END;
CREATE FUNCTION people.headcount(d integer) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
  WITH RECURSIVE below AS (SELECT id FROM people.department WHERE id = d
                           UNION SELECT c.id FROM people.department c JOIN below b ON c.parent_id = b.id)
  SELECT count(*) FROM people.employee e JOIN below b ON e.department_id = b.id;
END;
-- and one that it keeps as text
CREATE FUNCTION sales.reprice(list integer, factor numeric) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE p sales.price%ROWTYPE; n integer := 0;
BEGIN
  FOR p IN SELECT * FROM sales.price WHERE price_list_id = list ORDER BY id LOOP
    UPDATE sales.price SET amount = p.amount * factor WHERE id = p.id;
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;

-- Triggers

CREATE FUNCTION ops.audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO ops.audit ("table", op, before, after)
  VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, left(TG_OP, 1)::"char",
          CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - TG_ARGV END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - TG_ARGV END);
  RETURN NULL;
END $$;

CREATE TRIGGER touch BEFORE UPDATE ON core.account FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION core.touch();
CREATE TRIGGER touch BEFORE UPDATE ON core.setting FOR EACH ROW EXECUTE FUNCTION core.touch();
CREATE TRIGGER touch BEFORE UPDATE ON sales.customer FOR EACH ROW EXECUTE FUNCTION core.touch();
CREATE TRIGGER touch BEFORE UPDATE OF name, net, colour, weight ON stock.product FOR EACH ROW EXECUTE FUNCTION core.touch();
CREATE TRIGGER touch BEFORE UPDATE ON sales."order" FOR EACH ROW EXECUTE FUNCTION core.touch();
CREATE TRIGGER touch BEFORE UPDATE ON people.employee FOR EACH ROW EXECUTE FUNCTION core.touch();
CREATE TRIGGER "zz audit" AFTER INSERT OR UPDATE OR DELETE ON people.employee FOR EACH ROW EXECUTE FUNCTION ops.audit_row('photo', 'updated_at');
CREATE TRIGGER "zz audit" AFTER INSERT OR UPDATE OR DELETE ON sales.coupon FOR EACH ROW EXECUTE FUNCTION ops.audit_row();
CREATE TRIGGER "zz audit" AFTER UPDATE OR DELETE ON sales.invoice FOR EACH ROW EXECUTE FUNCTION ops.audit_row('pdf');
CREATE TRIGGER audit AFTER UPDATE OF status ON core.account FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION ops.audit_row('attrs');
CREATE TRIGGER audit AFTER DELETE ON core.membership FOR EACH ROW EXECUTE FUNCTION ops.audit_row();
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON "Old CRM"."Kunden & Partner" FOR EACH ROW EXECUTE FUNCTION ops.audit_row('it''s', 'Straße');
ALTER TABLE people.employee ENABLE ALWAYS TRIGGER "zz audit";
ALTER TABLE "Old CRM"."Kunden & Partner" DISABLE TRIGGER audit;
COMMENT ON TRIGGER "zz audit" ON sales.invoice IS 'the law wants it';

CREATE FUNCTION sales.sum_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales."order" SET total = sales.order_total(id) WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.order_id ELSE NEW.order_id END;
  RETURN NULL;
END $$;
CREATE TRIGGER sum_order AFTER INSERT OR UPDATE OF quantity, price, rebate OR DELETE ON sales.order_line FOR EACH ROW EXECUTE FUNCTION sales.sum_order();

CREATE FUNCTION sales.keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.history := NEW.history || NEW.state;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_history BEFORE UPDATE OF state ON sales."order" FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION sales.keep_history();

CREATE FUNCTION sales.tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ops.outbox (topic, key, message) VALUES (TG_ARGV[0], NEW.id::text, jsonb_build_object('id', NEW.id, 'op', TG_OP));
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON sales."order" FOR EACH ROW WHEN (NEW.id % 10 = 0) EXECUTE FUNCTION sales.tell('order.placed');
CREATE TRIGGER tell_replica AFTER INSERT OR UPDATE ON sales."order" FOR EACH ROW EXECUTE FUNCTION sales.tell('replica');
ALTER TABLE sales."order" ENABLE REPLICA TRIGGER tell_replica;

CREATE FUNCTION sales.check_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.order_id IS NOT NULL AND NOT EXISTS (SELECT FROM sales."order" o WHERE o.id = NEW.order_id AND o.customer_id = NEW.customer_id) THEN
    RAISE EXCEPTION 'invoice % is for another customer than its order', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER same_customer AFTER INSERT OR UPDATE OF customer_id, order_id ON sales.invoice
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales.check_invoice();
CREATE FUNCTION sales.check_coupon() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM sales.coupon c WHERE c.id = NEW.coupon_id AND c.deleted) THEN
    RAISE EXCEPTION 'coupon % is deleted', NEW.coupon_id USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER live_coupon AFTER INSERT OR UPDATE OF coupon_id ON sales.subscription
  FROM sales.coupon NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION sales.check_coupon();
COMMENT ON TRIGGER same_customer ON sales.invoice IS 'by the end of the transaction';

CREATE FUNCTION stock.count_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stock.product p SET on_hand = p.on_hand + d.pieces
    FROM (SELECT n.product_id, sum(n.pieces) AS pieces FROM fresh n GROUP BY 1) d WHERE d.product_id = p.id;
  RETURN NULL;
END $$;
CREATE FUNCTION stock.count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stock.product p SET on_hand = p.on_hand + d.pieces
    FROM (SELECT c.product_id, sum(c.pieces) AS pieces
            FROM (SELECT n.product_id, n.pieces FROM fresh n UNION ALL SELECT o.product_id, -o.pieces FROM gone o) c
           GROUP BY 1 HAVING sum(c.pieces) <> 0) d WHERE d.product_id = p.id;
  RETURN NULL;
END $$;
CREATE TRIGGER count_insert AFTER INSERT ON stock.level REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION stock.count_up();
CREATE TRIGGER count_update AFTER UPDATE ON stock.level REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION stock.count_change();

CREATE FUNCTION sales.count_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales.cart SET item_count = item_count + 1 WHERE id = NEW.cart_id;
  RETURN NEW;
END $$;
CREATE TRIGGER count_items BEFORE INSERT ON sales.cart_item FOR EACH ROW EXECUTE FUNCTION sales.count_items();

CREATE FUNCTION ops.wake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('ops_job', ''); RETURN NULL; END $$;
CREATE TRIGGER wake AFTER INSERT ON ops.job FOR EACH STATEMENT EXECUTE FUNCTION ops.wake();

-- Views

CREATE VIEW core.active_account WITH (security_barrier) AS
  SELECT id, tenant_id, email, full_name, status, created_at FROM core.account WHERE status IN ('new', 'active')
  WITH LOCAL CHECK OPTION;
ALTER VIEW core.active_account ALTER COLUMN status SET DEFAULT 'active';
COMMENT ON VIEW core.active_account IS 'what the web site sees';
COMMENT ON COLUMN core.active_account.email IS 'in small letters, mostly';
CREATE VIEW core.account_directory AS
  SELECT a.*, t.slug AS tenant, d.zip, d.country FROM core.active_account a JOIN core.tenant t ON t.id = a.tenant_id
    LEFT JOIN core.account x ON x.id = a.id LEFT JOIN core.address d ON d.id = x.default_address_id;
CREATE VIEW sales.order_summary AS
  SELECT o.id, o.number, o.customer_id, c.name AS customer, o.state, o.total, sales.order_total(o.id) AS computed,
         (SELECT count(*) FROM sales.order_line l WHERE l.order_id = o.id) AS "lines", o.placed AS "when"
    FROM sales."order" o JOIN sales.customer c ON c.id = o.customer_id;
CREATE VIEW sales.customer_value AS
  SELECT customer_id, max(customer) AS customer, count(*) AS orders, sum(total) AS total, rank() OVER (ORDER BY sum(total) DESC, customer_id) AS place
    FROM sales.order_summary WHERE state <> 'cancelled' GROUP BY customer_id;
CREATE VIEW public."Dashboard 2.0" AS
  SELECT v.place, v.customer, v.total, i.open FROM sales.customer_value v
    LEFT JOIN (SELECT customer_id, sum(total) AS open FROM sales.invoice GROUP BY 1) i USING (customer_id) WHERE v.place <= 20;
CREATE VIEW stock.catalogue WITH (security_invoker = true) AS
  SELECT p.id, p.sku, p.name, p.gross, c.name AS category FROM stock.product p LEFT JOIN stock.category c ON c.id = p.main_category
   WHERE p.discontinued IS NULL;
CREATE FUNCTION stock.catalogue_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stock.product SET name = NEW.name WHERE id = OLD.id;
  RETURN NEW;
END $$;
CREATE TRIGGER catalogue_write INSTEAD OF UPDATE ON stock.catalogue FOR EACH ROW EXECUTE FUNCTION stock.catalogue_write();
CREATE RECURSIVE VIEW stock.category_path (id, path) AS
  SELECT id, name COLLATE "C" FROM stock.category WHERE parent_id IS NULL
  UNION ALL SELECT c.id, (p.path || ' / ' || c.name) COLLATE "C" FROM stock.category c JOIN category_path p ON c.parent_id = p.id;
CREATE VIEW people.org_chart AS
  SELECT d.name AS department, h.display AS head, people.headcount(d.id) AS heads
    FROM people.department d JOIN people.employee h ON h.id = d.head_id;
CREATE VIEW "Old CRM"."Übersicht" AS
  SELECT "Kunden-Nr." AS "Nr", "Name ""kurz""" AS "Name", "Umsatz %" FROM "Old CRM"."Kunden & Partner";
CREATE RULE "_INSERT" AS ON INSERT TO "Old CRM"."Übersicht" DO INSTEAD
  INSERT INTO "Old CRM"."Kunden & Partner" ("Kunden-Nr.", "Name ""kurz""", "Umsatz %") VALUES (NEW."Nr", NEW."Name", NEW."Umsatz %");
CREATE VIEW public.jobs AS SELECT * FROM ops.job;
CREATE MATERIALIZED VIEW sales.takings AS
  SELECT p.paid_on AS day, sum(p.amount) AS paid, coalesce(sum(r.amount), 0) AS refunded
    FROM sales.payment p LEFT JOIN sales.refund r ON r.payment_id = p.id GROUP BY 1;
CREATE UNIQUE INDEX takings_day ON sales.takings (day);
COMMENT ON MATERIALIZED VIEW sales.takings IS 'refreshed by night';

-- Owners: of all in a schema its owner, of some another

DO $$
DECLARE r record;
BEGIN
  FOR r IN SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind, c.oid::regclass AS name,
                  CASE WHEN n.nspname = 'public' THEN 'app_core' ELSE n.nspowner::regrole::text END AS owner
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('core', 'ops', 'sales', 'stock', 'people', 'Old CRM', 'public') AND c.relkind IN ('r', 'p', 'v', 'm')
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C" LOOP
    EXECUTE format('ALTER %s %s OWNER TO %I', r.kind, r.name, r.owner);
  END LOOP;
  FOR r IN SELECT p.oid::regprocedure AS name, n.nspowner::regrole::text AS owner
             FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('core', 'ops', 'sales', 'stock', 'people') ORDER BY p.oid::regprocedure::text COLLATE "C" LOOP
    EXECUTE format('ALTER ROUTINE %s OWNER TO %I', r.name, r.owner);
  END LOOP;
END $$;
ALTER SEQUENCE sales.order_number_seq OWNER TO app_sales;
ALTER STATISTICS sales.customer_place OWNER TO app_sales;
ALTER STATISTICS ops.product_kinds OWNER TO app_sales;
ALTER STATISTICS sales."order state of currency" OWNER TO app_sales;
ALTER VIEW public."Dashboard 2.0" OWNER TO app_sales;
ALTER TABLE sales.price_list OWNER TO app_core;

-- Grants

GRANT SELECT, REFERENCES ON core.country, core.currency, core.tenant, core.account, core.address TO app_sales, app_people;
-- The superuser made stock.supplier's foreign key to core.country; the table's owner could not.
REVOKE REFERENCES ON core.country FROM app_sales;
GRANT SELECT, REFERENCES ON sales.price_list TO app_sales;
GRANT SELECT, REFERENCES ON sales.customer, stock.product TO app_core;
GRANT SELECT ON core.setting, core.country, core.currency TO PUBLIC;
GRANT INSERT ON ops.outbox TO app_sales, app_write;
GRANT SELECT ON ALL TABLES IN SCHEMA sales, stock TO app_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sales, stock TO app_write;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA sales TO app_write;
GRANT SELECT (id, email, full_name), UPDATE (full_name) ON core.account TO app_support;
GRANT SELECT ON core.active_account, core.account_directory TO app_read, app_support WITH GRANT OPTION;
GRANT SELECT ON core.tenant TO app_support WITH GRANT OPTION;
GRANT SELECT, INSERT, UPDATE, DELETE ON core.document TO app_tenant;
GRANT SELECT ON people.employee, people.salary, people.department TO app_read;
GRANT SELECT ON public."Dashboard 2.0", sales.takings TO app_support;
REVOKE TRUNCATE, DELETE ON ops.audit FROM app_core;
REVOKE EXECUTE ON FUNCTION sales.reprice(integer, numeric) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sales.reprice(integer, numeric) TO app_write;
SET ROLE app_support;
GRANT SELECT ON core.tenant TO app_tenant;
GRANT SELECT ON core.active_account TO app_tenant;
RESET ROLE;

-- Publications

CREATE PUBLICATION app_feed FOR TABLE sales.customer (id, tenant_id, number, name, country) WHERE (tenant_id < 50), TABLE sales."order" WITH (publish = 'insert, truncate');
CREATE PUBLICATION app_outbox FOR TABLE ops.outbox WITH (publish = 'insert');
CREATE PUBLICATION app_catalogue FOR TABLE stock.product (id, sku, name, net, vat), stock.category, stock.product_category;
CREATE PUBLICATION app_people FOR TABLES IN SCHEMA people;
COMMENT ON PUBLICATION app_catalogue IS 'the shop''s own database';
