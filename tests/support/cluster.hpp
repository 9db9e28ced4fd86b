// A private PostgreSQL cluster in a temporary directory, and fresh databases in it.
//
// A cluster is stopped and its directory removed when its object goes; when the test
// process dies before that, however it dies, a keeper process does both.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "session.hpp"

namespace eidolon::test {

class cluster;

struct cluster_options {
  std::map<std::string, std::string> settings{};  // postgresql.conf, beside or in place of the defaults
  const cluster* primary{};                       // the cluster becomes a streaming standby of this one
};

class cluster {
 public:
  // The one that all tests of a process share; started on first use.
  static cluster& shared();

  explicit cluster(cluster_options options = {});
  ~cluster();
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;

  // As the superuser `postgres`; over the Unix socket, or TCP. `more` is appended ("user=app").
  std::string conninfo(std::string_view database, std::string_view more = "") const;
  std::string tcp_conninfo(std::string_view database, std::string_view more = "") const;

  int port() const { return port_; }
  const std::filesystem::path& directory() const { return directory_; }  // also of the Unix socket
  std::filesystem::path data_directory() const { return directory_ / "data"; }
  std::string log() const;  // the server's

  void start();
  void stop(std::string_view mode = "fast");     // smart, fast, immediate
  void restart(std::string_view mode = "fast");  // returns when it accepts connections

  rows sql(std::string_view database, const std::string& text) const;  // in a session of its own
  std::string pg_dump(std::string_view database, std::vector<std::string> arguments = {}) const;

  // A program of this PostgreSQL installation ("pgbench", "psql", "pg_basebackup").
  static std::string program(std::string_view name);

 private:
  void initialise();
  void keep();

  cluster_options options_;
  std::filesystem::path directory_;
  int port_{0};
  int keeper_pipe_{-1};
  int keeper_{-1};
};

// A new, empty database of the shared (or another) cluster; dropped in the end, sessions or not.
class database {
 public:
  explicit database(cluster& c = cluster::shared());
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  const std::string& name() const { return name_; }
  cluster& server() const { return *cluster_; }
  std::string conninfo(std::string_view more = "") const { return cluster_->conninfo(name_, more); }
  test::session session(std::string_view more = "") const { return test::session{conninfo(more)}; }
  rows sql(const std::string& text) const { return cluster_->sql(name_, text); }
  std::string value(const std::string& text) const { return session().value(text); }

 private:
  cluster* cluster_;
  std::string name_;
};

// A role of the cluster, without rights but LOGIN unless `options` say otherwise; dropped in
// the end, so it must be declared before the database that holds what it owns.
class role {
 public:
  explicit role(std::string_view options = "", cluster& c = cluster::shared());
  ~role();
  role(const role&) = delete;
  role& operator=(const role&) = delete;
  const std::string& name() const { return name_; }

 private:
  cluster* cluster_;
  std::string name_;
};

}  // namespace eidolon::test
