// What a job will do, worked out before anything is touched. A plan does not change; when what hangs on the table has,
// the job gets another one, of the same shape.
//
// The plan is made in a transaction that is rolled back: an empty clone of the source is
// built in the ghost's schema, the user's statements run on it, and the catalog before
// and after tells what they did. It is stored with the job as JSON (Boost.Describe), so that a
// resumed job goes on with the plan it began with.
#pragma once
#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eidolon::plan {

struct request {
  std::string table;  // "schema.table" as the user wrote it; may be empty when alter holds whole statements
  std::string alter;  // whole statements, or only the clauses
};

// The table as it was when the job began to prepare.
struct source_table {
  std::uint32_t oid{};
  std::string schema, name, owner;
  std::string definition;  // fingerprint; see sql/definition.sql
};
BOOST_DESCRIBE_STRUCT(source_table, (), (oid, schema, name, owner, definition))

// A partition of the source, or of one of its partitions. Those of the ghost and of the old table have the same names.
struct partition {
  std::uint32_t oid{};
  std::string schema, name;        // not quoted
  bool leaf{};                     // holds rows: not partitioned again
  std::string replica_identity{};  // see plan
};
BOOST_DESCRIBE_STRUCT(partition, (), (oid, schema, name, leaf, replica_identity))

// One column of the key: as it is in the source (and in the change log), and in the ghost.
struct key_column {
  std::string source_name, source_type;  // type with modifiers, ready to be used in SQL
  std::string ghost_name, ghost_type;
  std::string collation;  // qualified and quoted; empty: not collatable
};
BOOST_DESCRIBE_STRUCT(key_column, (), (source_name, source_type, ghost_name, ghost_type, collation))

// One column of the ghost that is filled from the source.
struct column_mapping {
  std::string ghost_name, ghost_type;
  std::string expression;  // over the derived row of rows_where()
  bool from_source{};      // false: a constant for every existing row (a stable default's one value)
  bool changed{};          // retyped, or has a USING expression
  std::string
      bare_type{};  // ghost_type without its modifier, for a value to be sent as; empty: not one of PostgreSQL's own
};
BOOST_DESCRIBE_STRUCT(column_mapping, (), (ghost_name, ghost_type, expression, from_source, changed, bare_type))

// The synchronisation as a thing with a direction: how a row of `from` becomes a row of
// `to`. After the cutover the same code can run the other way.
struct sync_direction {
  std::string from, to;         // qualified and quoted
  std::string view;             // of `from`, read in its place where policies hide rows from its owner; else empty
  bool partitioned{};           // both: their rows are in their leaves
  std::string row{"*"};         // the source's columns as a select list: those of a leaf may stand in another order
  std::string alias;            // quoted name under which row expressions may refer to the source's columns
  std::vector<key_column> key;  // in the key index's order
  bool key_deferrable{};        // ON CONFLICT cannot use the ghost's key: delete and insert
  std::string operator_path;    // search_path that finds the key's operators: pg_catalog first
  std::vector<column_mapping> columns;
  std::vector<std::string> stages;  // see select_rows(): one select list per statement that changes columns
};
BOOST_DESCRIBE_STRUCT(sync_direction, (),
                      (from, to, view, partitioned, row, alias, key, key_deferrable, operator_path, columns, stages))

// An index that is built after the copy, with what must follow once it stands.
struct deferred_index {
  std::string name;
  std::string create;             // CREATE [UNIQUE] INDEX …, or ALTER TABLE … ADD CONSTRAINT … EXCLUDE …
  std::string tablespace;         // quoted; empty: the database's default
  bool temporary{};               // made for the job only; dropped in the cutover
  std::vector<std::string> then;  // constraint, comment, statistics targets, CLUSTER and replica identity marks
};
BOOST_DESCRIBE_STRUCT(deferred_index, (), (name, create, tablespace, temporary, then))

struct sequence_handover {
  std::string table;                        // whose column owns it: the source or a partition; qualified and quoted
  std::string sequence;                     // qualified and quoted, in the application's schema
  std::optional<std::string> ghost_column;  // owner after; none when the column is dropped
  std::string retype;                       // "bigint" when the column outgrew it; else empty
};
BOOST_DESCRIBE_STRUCT(sequence_handover, (), (table, sequence, ghost_column, retype))

struct identity_handover {
  std::string schema, table;  // whose column it is: the source or a partition; not quoted
  std::string ghost_column;
  bool always{};                               // GENERATED ALWAYS: BY DEFAULT until the cutover, because upserts set it
  std::string ghost_sequence;                  // name without schema
  std::optional<std::string> source_sequence;  // name without schema; none: the column had no identity
  bool restarted{};                            // by the user's statement: the source's value is not carried over
};
BOOST_DESCRIBE_STRUCT(identity_handover, (),
                      (schema, table, ghost_column, always, ghost_sequence, source_sequence, restarted))

// A column that survives, for what hangs on columns by name (grants).
struct kept_column {
  std::string source_name, ghost_name;
};
BOOST_DESCRIBE_STRUCT(kept_column, (), (source_name, ghost_name))

// A lock that the cutover takes before the source's: views first, as readers do, then the tables at the other ends of
// foreign keys.
struct cutover_lock {
  std::uint32_t oid{};
  std::string statement;      // takes an ACCESS EXCLUSIVE lock
  std::string partitioned{};  // the table whose partitions are locked as well, qualified and quoted; or empty
};
BOOST_DESCRIBE_STRUCT(cutover_lock, (), (oid, statement, partitioned))

// A foreign key that the user's statements add: what natively fails the ALTER must fail the job before the swap.
struct foreign_key_check {
  std::string name;
  std::string violation;  // query for the key of one row of the ghost that has no partner, as text
};
BOOST_DESCRIBE_STRUCT(foreign_key_check, (), (name, violation))

// A materialized view that is built anew on the ghost, beside the one in use, and takes its place in the cutover.
struct rebuilt_view {
  std::uint32_t oid{};             // of the one in use
  std::string name, ghost_name;    // qualified and quoted
  std::string settings;            // begin every transaction that works on it
  std::string revokes;             // and these end it: what its owner was granted is seen by nobody else
  std::vector<std::string> build;  // empty of rows
  std::string refresh;             // or empty: the one in use is not populated
  std::vector<std::string> indexes;
  std::vector<std::string> columns;
};
BOOST_DESCRIBE_STRUCT(rebuilt_view, (), (oid, name, ghost_name, settings, revokes, build, refresh, indexes, columns))

// A function with the table's row type in its signature. It goes aside with the old table; one like it is made for the
// new.
struct replaced_function {
  std::uint32_t oid{};  // of the one that goes aside
  std::string name;     // qualified signature
};
BOOST_DESCRIBE_STRUCT(replaced_function, (), (oid, name))

// VALIDATE evaluates the casts and operators of the key, and planning its query what stands in the tables' indexes, so
// it runs as the referencing table's owner. owner: empty for what is no VALIDATE.
struct validation {
  std::string statement, owner;  // owner: or empty
  std::uint32_t constraint{};    // OID of what is validated, once it is there: it may be renamed; else 0
};
BOOST_DESCRIBE_STRUCT(validation, (), (statement, owner, constraint))

// What hangs on the source, and how it comes to hang on the ghost: statements for the cutover, in the order of the
// members.
struct hand_over {
  std::string state;  // fingerprint, see sql/neighbourhood_state.sql; the cutover finds the same one
  std::vector<cutover_lock> locks;
  std::vector<std::string> release;  // off the source: foreign keys, publications
  std::vector<std::string> attach;   // on the ghost, while it is in its own schema
  std::vector<std::string> settle;   // after the move: statistics, and what the old table must not do any more
  std::vector<std::string> drop;     // at the very end, when nothing is read from it any more
  std::vector<validation> validate;  // after the swap, each in a transaction of its own
  std::vector<foreign_key_check> checks;
  std::vector<rebuilt_view> rebuilt;
  std::vector<replaced_function> functions;
  std::vector<std::string> statistics;  // as they are built on the ghost, long before the cutover
};
BOOST_DESCRIBE_STRUCT(hand_over, (),
                      (state, locks, release, attach, settle, drop, validate, checks, rebuilt, functions, statistics))

struct plan {
  std::int64_t job{};
  source_table source;
  std::vector<partition> partitions;     // of a partitioned source: each after its parent
  std::string ghost_schema, old_schema;  // eidolon_<job>, eidolon_<job>_old; not quoted
  std::string search_path;               // under which the user's statements run
  std::string trusted_path;              // see path_for(): under which definitions are read and the owner's code runs
  std::vector<std::string> alter;        // the user's statements, as they were given
  std::vector<std::string> build_ghost;  // statements that build the ghost without what would slow the copy
  sync_direction forward;
  std::vector<deferred_index> indexes;
  std::vector<std::string> published;  // FOR ALL TABLES publications that may publish the ghost
  std::string replica_identity;  // of the ghost, set in the cutover: until then it is FULL for their sake; or empty
  std::vector<std::string> late_constraints;  // NOT VALID checks: in the cutover, after the last apply
  std::vector<kept_column> kept;
  std::vector<std::string> large;  // columns of the ghost whose values may be stored out of line
  bool in_order{};                 // one session copies, block after block: an index goes by where rows lie
  std::vector<sequence_handover> sequences;
  std::vector<identity_handover> identities;
  hand_over neighbours;
  std::string stream_obstacle;       // why copy_method stream would not be followed, as of planning; or empty
  std::vector<std::string> summary;  // for people: one line per thing that will change
  std::vector<std::string> warnings;
};
BOOST_DESCRIBE_STRUCT(plan, (),
                      (job, source, partitions, ghost_schema, old_schema, search_path, trusted_path, alter, build_ghost,
                       forward, indexes, published, replica_identity, late_constraints, kept, large, in_order,
                       sequences, identities, neighbours, stream_obstacle, summary, warnings))

// As JSON, for the job's record. Of another version's, whose plans have members less or more than these, what both know
// is read. Throws std::exception when the text is not a plan.
std::string to_json(const plan&);
plan from_json(const std::string& text);

// Whether two plans of one job do the same to the table's rows and columns, whatever hangs on it.
bool same_shape(const plan& a, const plan& b);

// application_name of a job's session: "eidolon job 42 copy". By it a job's sessions are found again.
std::string session_name(std::int64_t job, std::string_view activity);

// The qualified, quoted names that everything else is built from.
std::string source_name(const plan&);  // "public"."orders"
std::string ghost_name(const plan&);   // "eidolon_7"."orders"
std::string old_name(const plan&);     // "eidolon_7_old"."orders"

// The same of a partition.
std::string source_name(const partition&);
std::string ghost_name(const plan&, const partition&);
std::string old_name(const plan&, const partition&);

// What a plan says about the copy of each table that holds rows: of the source itself, or of each leaf into the ghost's
// leaf. Only what copy and verification read is in them.
std::vector<plan> leaf_plans(const plan&);

}  // namespace eidolon::plan
