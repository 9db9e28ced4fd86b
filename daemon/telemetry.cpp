#include "daemon/telemetry.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "config/version.hpp"
#include "daemon/throttle.hpp"

namespace eidolon::daemon {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Labels;

// Upper bounds in seconds. Chunks aim at chunk_target (10 ms to 60 s); locks are held and waited for briefly.
const Histogram::BucketBoundaries chunk_buckets{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
const Histogram::BucketBoundaries lock_buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

Labels with(Labels labels, const char* name, std::string_view value) {
  labels.emplace(name, value);
  return labels;
}

// A series that exists as long as this object does.
template <typename Metric>
class owned {
 public:
  template <typename... Args>
  owned(Family<Metric>& family, const Labels& labels, const Args&... args)
      : family_{&family}, metric_{&family.Add(labels, args...)} {}
  owned(owned&& other) noexcept : family_{other.family_}, metric_{std::exchange(other.metric_, nullptr)} {}
  owned& operator=(owned&&) = delete;
  ~owned() {
    if (metric_ != nullptr) family_->Remove(metric_);
  }
  Metric* operator->() const { return metric_; }

 private:
  Family<Metric>* family_;
  Metric* metric_;
};

// A series that is absent while its value is not known.
class optional_gauge {
 public:
  optional_gauge(Family<Gauge>& family, Labels labels) : family_{family}, labels_{std::move(labels)} {}
  void set(std::optional<double> value) {
    if (!value) return series_.reset();
    if (!series_) series_.emplace(family_, labels_);
    (*series_)->Set(*value);
  }

 private:
  Family<Gauge>& family_;
  Labels labels_;
  std::optional<owned<Gauge>> series_;
};

// The series of one family that differ in one more label, made when the label's value is first seen at the latest.
template <typename Metric>
class by_label {
 public:
  by_label(Family<Metric>& family, Labels labels, const char* label)
      : family_{family}, labels_{std::move(labels)}, label_{label} {}
  Metric& operator[](std::string_view value) {
    auto found = series_.find(value);
    if (found == series_.end()) {
      found = series_.emplace(std::string{value}, owned<Metric>{family_, with(labels_, label_, value)}).first;
    }
    return *found->second.operator->();
  }
  // What counts from 0 on has its first event counted: Prometheus sees no increase in a series that begins with it.
  void begin(std::span<const std::string_view> values) {
    for (const auto value : values) (*this)[value];
  }
  void erase(const std::string& value) { series_.erase(value); }
  void clear() { series_.clear(); }

 private:
  Family<Metric>& family_;
  Labels labels_;
  const char* label_;
  std::map<std::string, owned<Metric>, std::less<>> series_;
};

using job_key = std::tuple<std::string, std::int64_t, std::string>;

}  // namespace

struct telemetry::impl {
  explicit impl(std::span<const std::string_view> state_names) : states{state_names.begin(), state_names.end()} {
    gauges("eidolon_build_info", "1, with the version that is running.")
        .Add({{"version", std::string{config::version}}})
        .Set(1);
  }

  Family<Gauge>& gauges(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  Family<Counter>& counters(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Histogram>& histograms(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  }

  std::vector<std::string> states;
  prometheus::Registry registry;

  Family<Gauge>& state{gauges("eidolon_job_state", "1 for the state the job is in, 0 for the others.")};
  Family<Gauge>& progress{gauges("eidolon_job_progress_ratio", "The share of the source that is copied, 0 to 1.")};
  Family<Gauge>& state_progress{gauges("eidolon_job_state_progress_ratio",
                                       "How much of its state is done, 0 to 1: of copying, indexing or verifying.")};
  Family<Gauge>& eta{gauges("eidolon_job_eta_seconds", "Estimated time until that state is over.")};
  Family<Gauge>& max_lag{gauges("eidolon_job_max_lag_seconds", "The lag of a replica above which the job waits.")};
  Family<Gauge>& lock_budget{
      gauges("eidolon_job_lock_budget_seconds",
             "How long the application may be blocked by the job's locks; infinite without a limit.")};
  Family<Counter>& rows{counters("eidolon_copied_rows_total", "Rows copied into the ghost.")};
  Family<Counter>& bytes{counters("eidolon_copied_bytes_total", "Bytes of the source's blocks that were copied.")};
  Family<Histogram>& chunk{histograms("eidolon_chunk_duration_seconds", "Wall time of one chunk.")};
  Family<Gauge>& backlog{gauges("eidolon_backlog_entries", "Change log entries that are not applied yet.")};
  Family<Gauge>& diverges{
      gauges("eidolon_catch_up_diverges", "1 while the application writes faster than its changes are applied.")};
  Family<Counter>& applied{counters("eidolon_applied_keys_total", "Keys brought up to date in the ghost.")};
  Family<Gauge>& throttled{gauges("eidolon_throttled", "1 while the job is held back for this reason.")};
  Family<Counter>& throttled_time{
      counters("eidolon_throttled_seconds_total", "Time for which the job was held back for this reason.")};
  Family<Counter>& attempts{counters("eidolon_cutover_attempts_total", "Attempts to swap the tables, by outcome.")};
  Family<Histogram>& lock_wait{histograms("eidolon_lock_wait_seconds", "Time an attempt waited for its locks.")};
  Family<Counter>& blocked{counters("eidolon_blocked_application_seconds_total",
                                    "Time in which the application was blocked by the job's locks and lock requests.")};
  Family<Histogram>& held{
      histograms("eidolon_cutover_seconds", "From the cutover's locks being granted to its commit.")};

  Family<Gauge>& lag{gauges("eidolon_replication_lag_seconds", "How far a replica is behind.")};
  Family<Gauge>& lag_bytes{gauges("eidolon_replication_lag_bytes", "Log that a replica has yet to replay.")};
  Family<Gauge>& up{gauges("eidolon_database_up", "1 while the daemon reaches the database.")};
  Family<Gauge>& leader{
      gauges("eidolon_database_leader", "1 while this daemon leads the database, and runs its jobs.")};
  Family<Gauge>& active{gauges("eidolon_active_sessions", "Sessions at work, without the daemon's own.")};
  Family<Gauge>& free_space{gauges("eidolon_free_space_bytes", "Room on the server's disk that has least.")};
  Family<Gauge>& oldest{gauges("eidolon_oldest_transaction_seconds", "Age of the oldest open transaction.")};
  Family<Gauge>& xid_age{gauges("eidolon_xid_age", "Transactions since the oldest database was frozen.")};
  Family<Gauge>& slot_wal{gauges("eidolon_slot_retained_bytes", "Log retained by the slot that retains most.")};
  Family<Gauge>& archive{gauges("eidolon_archive_backlog_files", "Complete files of log that wait for the archiver.")};

  std::map<job_key, std::weak_ptr<job_telemetry::series>> jobs;
  std::map<std::string, std::weak_ptr<database_telemetry::series>> databases;
};

struct job_telemetry::series {
  series(telemetry::impl& t, const Labels& labels, const job_key& key)
      : owner{t},
        self{key},
        state_progress{t.state_progress, labels},
        eta{t.eta, labels},
        progress{t.progress, labels},
        max_lag{t.max_lag, labels},
        lock_budget{t.lock_budget, labels},
        rows{t.rows, labels},
        bytes{t.bytes, labels},
        chunk{t.chunk, labels, chunk_buckets},
        backlog{t.backlog, labels},
        diverges{t.diverges, labels},
        applied{t.applied, labels},
        lock_wait{t.lock_wait, labels, lock_buckets},
        blocked{t.blocked, labels},
        held{t.held, labels, lock_buckets},
        throttled{t.throttled, labels, "reason"},
        throttled_time{t.throttled_time, labels, "reason"},
        attempts{t.attempts, labels, "outcome"} {
    for (const auto& name : t.states) states.emplace_back(name, owned<Gauge>{t.state, with(labels, "state", name)});
    throttled.begin(hold_reasons);
    throttled_time.begin(hold_reasons);
    attempts.begin(cutover_outcomes);
  }
  ~series() { owner.jobs.erase(self); }
  series(const series&) = delete;
  series& operator=(const series&) = delete;

  telemetry::impl& owner;
  const job_key self;
  optional_gauge state_progress, eta;
  std::vector<std::pair<std::string, owned<Gauge>>> states;
  owned<Gauge> progress, max_lag, lock_budget;
  owned<Counter> rows, bytes;
  owned<Histogram> chunk;
  owned<Gauge> backlog, diverges;
  owned<Counter> applied;
  owned<Histogram> lock_wait;
  owned<Counter> blocked;
  owned<Histogram> held;
  by_label<Gauge> throttled;
  by_label<Counter> throttled_time;
  by_label<Counter> attempts;
};

job_telemetry::job_telemetry(telemetry& t, const std::string& database, std::int64_t job, const std::string& table) {
  const job_key key{database, job, table};
  auto& known = t.native().jobs[key];
  series_ = known.lock();
  if (series_) return;
  const Labels labels{{"database", database}, {"job", std::to_string(job)}, {"table", table}};
  series_ = std::make_shared<series>(t.native(), labels, key);
  known = series_;
}

job_telemetry::~job_telemetry() = default;

void job_telemetry::state(std::string_view name) {
  for (auto& [state, gauge] : series_->states) gauge->Set(state == name ? 1 : 0);
}

void job_telemetry::progress(double ratio) { series_->progress->Set(ratio); }

void job_telemetry::state_progress(std::optional<double> ratio) { series_->state_progress.set(ratio); }

void job_telemetry::eta(std::chrono::duration<double> left) {
  series_->eta.set(std::isfinite(left.count()) ? std::optional{left.count()} : std::nullopt);
}

void job_telemetry::max_lag(std::chrono::duration<double> limit) { series_->max_lag->Set(limit.count()); }

void job_telemetry::lock_budget(std::chrono::duration<double> budget) { series_->lock_budget->Set(budget.count()); }

void job_telemetry::copied(std::int64_t rows, std::int64_t bytes) {
  series_->rows->Increment(static_cast<double>(rows));
  series_->bytes->Increment(static_cast<double>(bytes));
}

void job_telemetry::chunk(std::chrono::duration<double> took) { series_->chunk->Observe(took.count()); }
void job_telemetry::backlog(std::int64_t entries) { series_->backlog->Set(static_cast<double>(entries)); }
void job_telemetry::applied(std::int64_t keys) { series_->applied->Increment(static_cast<double>(keys)); }

void job_telemetry::diverges(bool now) { series_->diverges->Set(now ? 1 : 0); }

void job_telemetry::throttled(std::string_view reason, bool now, std::chrono::duration<double> since_last_report) {
  series_->throttled[reason].Set(now ? 1 : 0);
  series_->throttled_time[reason].Increment(since_last_report.count());
}

void job_telemetry::cutover_attempt(std::string_view outcome) { series_->attempts[outcome].Increment(); }
void job_telemetry::lock_wait(std::chrono::duration<double> waited) { series_->lock_wait->Observe(waited.count()); }
void job_telemetry::blocked_application(std::chrono::duration<double> blocked) {
  series_->blocked->Increment(blocked.count());
}
void job_telemetry::blocked_application_before(std::chrono::duration<double> blocked) {
  const double missing = blocked.count() - series_->blocked->Value();
  if (missing > 0) series_->blocked->Increment(missing);
}
void job_telemetry::cutover_held(std::chrono::duration<double> held) { series_->held->Observe(held.count()); }

struct database_telemetry::series {
  series(telemetry::impl& t, const std::string& database) : series{t, database, {{"database", database}}} {}
  ~series() { owner.databases.erase(self); }
  series(const series&) = delete;
  series& operator=(const series&) = delete;

  telemetry::impl& owner;
  const std::string self;
  owned<Gauge> up, leader;
  by_label<Gauge> lags, lag_bytes;
  optional_gauge oldest, xid_age, slot_wal, archive, active, free_space;

 private:
  series(telemetry::impl& t, const std::string& database, const Labels& labels)
      : owner{t},
        self{database},
        up{t.up, labels},
        leader{t.leader, labels},
        lags{t.lag, labels, "replica"},
        lag_bytes{t.lag_bytes, labels, "replica"},
        oldest{t.oldest, labels},
        xid_age{t.xid_age, labels},
        slot_wal{t.slot_wal, labels},
        archive{t.archive, labels},
        active{t.active, labels},
        free_space{t.free_space, labels} {}
};

database_telemetry::database_telemetry(telemetry& t, const std::string& database) {
  auto& known = t.native().databases[database];
  series_ = known.lock();
  if (series_) return;
  series_ = std::make_shared<series>(t.native(), database);
  known = series_;
}

database_telemetry::~database_telemetry() = default;

void database_telemetry::up(bool now) { series_->up->Set(now ? 1 : 0); }
void database_telemetry::leads(bool now) { series_->leader->Set(now ? 1 : 0); }

void database_telemetry::replication_lag(const std::string& replica, std::chrono::duration<double> lag,
                                         std::optional<std::int64_t> bytes) {
  series_->lags[replica].Set(lag.count());
  if (bytes)
    series_->lag_bytes[replica].Set(static_cast<double>(*bytes));
  else
    series_->lag_bytes.erase(replica);
}

void database_telemetry::forget_replica(const std::string& replica) {
  series_->lags.erase(replica);
  series_->lag_bytes.erase(replica);
}

void database_telemetry::server_age(double oldest_transaction_seconds, std::int64_t xid_age) {
  series_->oldest.set(oldest_transaction_seconds);
  series_->xid_age.set(static_cast<double>(xid_age));
}

void database_telemetry::slot_retains(std::int64_t bytes) { series_->slot_wal.set(static_cast<double>(bytes)); }

void database_telemetry::waits_for_archiver(std::optional<std::int64_t> files) { series_->archive.set(files); }
void database_telemetry::active_sessions(std::optional<std::int64_t> sessions) { series_->active.set(sessions); }
void database_telemetry::free_space(std::optional<std::int64_t> bytes) { series_->free_space.set(bytes); }

void database_telemetry::forget_measures() {
  auto& s = *series_;
  s.lags.clear();
  s.lag_bytes.clear();
  for (auto* gauge : {&s.oldest, &s.xid_age, &s.slot_wal, &s.archive, &s.active, &s.free_space})
    gauge->set(std::nullopt);
}

telemetry::telemetry(std::span<const std::string_view> states) : impl_{std::make_unique<impl>(states)} {}
telemetry::~telemetry() = default;

std::string telemetry::text() const { return prometheus::TextSerializer{}.Serialize(impl_->registry.Collect()); }

}  // namespace eidolon::daemon
