// What the catalog says about a table that decides whether a job can be taken. Plain data, so
// that refusals are pure functions.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/neighbourhood.hpp"
#include "plan/shape.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

struct dependent {
  std::string kind;    // a refusal's code: "view", "trigger", …
  std::string object;  // "view app.v", as PostgreSQL describes it
  bool carried{};      // comes to hang on the new table
  bool own{};          // part of the table itself: stays with the old one
};

// A partition of the source, or of one of its partitions.
struct partition_facts {
  std::uint32_t oid{};
  std::string parent, schema, name, owner, access_method;  // parent: name
  std::string bound, partition_key;                        // partition_key: empty where it holds rows itself
  char kind{}, persistence{};
  bool detaching{}, hidden_from_owner{}, has_neighbours{}, extension_member{};
  bool may_not_create{}, owner_may_not_use{};  // the daemon's role in its schema; the schema
  shape table;
};

struct facts {
  int server_version{};
  std::uint32_t oid{};
  std::string schema, name, owner, access_method, definition;
  char kind{}, persistence{};
  bool may_act_as_owner{}, may_create_schema{}, may_create_in_schema{}, owner_may_use_schema{};
  bool is_partition{}, has_parent{}, has_children{}, is_typed{}, hidden_from_owner{}, may_see_all{}, system_schema{},
      subscribed{};
  std::optional<std::int64_t> other_job;        // whose triggers are on it
  std::optional<std::string> taken_array_type;  // a type that has the name which the ghost's array type would bring
  std::optional<std::string> extension;
  std::vector<std::string> all_tables_publications, foreign_grantors;
  std::vector<std::string> revoked;  // rights that an owner has unless they are revoked, as GRANT spells them
  std::vector<std::string> tied_to_extensions;             // triggers and indexes marked DEPENDS ON EXTENSION
  std::map<std::string, std::string> outdated_collations;  // of columns: whose version has changed
  std::vector<std::string> newer;  // properties that older servers do not have, and that would be lost
  std::vector<dependent> dependents;
  std::vector<std::string> sequences;       // that belong to its columns, or to those of a partition
  std::string partition_key;                // RANGE (…); empty: not partitioned
  std::vector<partition_facts> partitions;  // each after its parent
  std::int64_t lock_slots{};                // that the server promises to have
  shape source;
  neighbourhood neighbours;
};

// nullopt: no relation of that OID. job_schema: the job's own, whose triggers do not count. Throws postgres::error, and
// postgres::no_such_row when something is dropped while it is read.
boost::asio::awaitable<std::optional<facts>> read_facts(postgres::connection& c, std::uint32_t oid,
                                                        std::string job_schema);

// Only the dependents; asked again under the cutover's lock.
boost::asio::awaitable<std::vector<dependent>> read_dependents(postgres::connection& c, std::uint32_t oid,
                                                               std::string job_schema);

// Whether it is the table, or one of its partitions.
bool is_of_tree(const facts& f, std::uint32_t oid);

// "schema.table" for sentences.
std::string display_name(const facts& f);

}  // namespace eidolon::plan
