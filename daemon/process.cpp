// SIGTERM and SIGINT end it: phases are cancelled, their batches rolled back, jobs stay as they are.
// SIGHUP reads the configuration again.
#include "daemon/process.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>

#include "config/version.hpp"
#include "daemon/api/server.hpp"
#include "daemon/logging.hpp"
#include "daemon/orphans.hpp"
#include "daemon/sd_notify.hpp"
#include "daemon/service_impl.hpp"

namespace eidolon::daemon {

namespace {

// What is left after this long is abandoned: the server rolls it back when the sockets close.
constexpr std::chrono::seconds stop_within{8};

class process {
 public:
  explicit process(const options& o)
      : options_{o},
        work_{context_.get_executor(), o.config},
        api_{context_.get_executor(), work_},
        signals_{context_} {}

  int run() {
    if (!listen()) return 1;
    start();
    context_.run();
    log(spdlog::level::info, "stopped");
    // What is abandoned refers to what would be destroyed here.
    if (running_ > 0) {
      spdlog::default_logger()->flush();
      std::_Exit(failed_ ? 1 : 0);
    }
    return failed_ ? 1 : 0;
  }

 private:
  bool listen() {
    try {
      api_.listen_control(options_.config.socket, options_.config.socket_mode);
      if (!options_.config.http.empty()) api_.listen_http(options_.config.http);
      return true;
    } catch (const std::exception& e) {
      log(spdlog::level::err, e.what());
      return false;
    }
  }

  void start() {
    for (const int s : {SIGTERM, SIGINT, SIGHUP}) signals_.add(s);
    spawn(api_.run());
    spawn(work_.run());
    spawn(obey_signals());
    spawn(keep_alive());
    const auto version = std::string{config::version};
    log(spdlog::level::info, "started", {{"version", version}, {"socket", options_.config.socket}});
    notifier_.ready();
  }

  void spawn(asio::awaitable<void> activity) {
    ++running_;
    asio::co_spawn(context_, std::move(activity), [this](const std::exception_ptr& failure) {
      --running_;
      if (failure) report(failure);
      // Whatever ends before it was asked to takes the others along; a process that serves by halves helps nobody.
      if (!stopping_ || failure) stop();
      if (running_ == 0) context_.stop();
    });
  }

  void report(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const boost::system::system_error& e) {
      if (stopping_ && e.code() == asio::error::operation_aborted) return;
      failed_ = true;
      log(spdlog::level::critical, e.what());
    } catch (const std::exception& e) {
      failed_ = true;
      log(spdlog::level::critical, e.what());
    }
  }

  void stop() {
    if (std::exchange(stopping_, true)) return;
    notifier_.stopping();
    log(spdlog::level::info, "stops");
    api_.stop();
    work_.stop();
    boost::system::error_code ignored;
    signals_.cancel(ignored);
    alarm_.cancel();
    deadline_.expires_after(stop_within);
    deadline_.async_wait([this](const boost::system::error_code& e) {
      if (!e) context_.stop();
    });
  }

  asio::awaitable<void> obey_signals() {
    while (!stopping_) {
      const auto [error, number] = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
      if (error) co_return;
      if (number == SIGHUP) {
        reload();
      } else {
        stop();
      }
    }
  }

  void reload() {
    notifier_.reloading();
    if (options_.config_file.empty()) {
      log(spdlog::level::warn, "there is no configuration file to read again");
      return notifier_.ready();
    }
    auto parsed = read_configuration(options_);
    if (!parsed.errors.empty()) {
      log(spdlog::level::err, "the configuration is not reloaded", {{"errors", to_text(parsed.errors)}});
      return notifier_.ready();
    }
    apply(parsed.config);
    notifier_.ready();
  }

  void apply(const config::daemon_config& c) {
    const auto& old = options_.config;
    if (c.socket != old.socket || c.socket_mode != old.socket_mode || c.http != old.http)
      log(spdlog::level::warn, "a change of [listen] needs a restart");
    start_logging(c.log_level, c.log_format);
    work_.reload(c);
    options_.config.defaults = c.defaults;
    options_.config.databases = c.databases;
    log(spdlog::level::info, "the configuration is reloaded");
  }

  asio::awaitable<void> keep_alive() {
    while (!stopping_) {
      alarm_.expires_after(notifier_.keep_alive_every().value_or(std::chrono::hours{1}));
      co_await alarm_.async_wait(asio::as_tuple(asio::use_awaitable));
      if (notifier_.keep_alive_every()) notifier_.keep_alive();
    }
  }

  options options_;
  asio::io_context context_{1};
  job_service work_;
  api::server api_;
  asio::signal_set signals_;
  asio::steady_timer alarm_{context_}, deadline_{context_};
  service_notifier notifier_;
  int running_{};
  bool stopping_{}, failed_{};
};

}  // namespace

int run_daemon(const options& o) {
  start_logging(o.config.log_level, o.config.log_format);
  // A client that hangs up is an error of that write, not the end of the daemon.
  std::signal(SIGPIPE, SIG_IGN);
  process p{o};
  return p.run();
}

int run_clean_orphans(const options& o) {
  start_logging(o.config.log_level, o.config.log_format);
  asio::io_context context{1};
  const auto which = o.all_jobs ? which_jobs::all : which_jobs::of_other_databases;
  int failures = 0;
  for (const auto& d : o.config.databases)
    asio::co_spawn(context, clean_orphans(d, which), [&failures, &d](const std::exception_ptr& failure) {
      try {
        if (failure) std::rethrow_exception(failure);
      } catch (const std::exception& e) {
        ++failures;
        log(spdlog::level::err, e.what(), {{"database", d.name}});
      }
    });
  context.run();
  return failures == 0 ? 0 : 1;
}

}  // namespace eidolon::daemon
