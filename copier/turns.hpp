// Who works side by side, and who alone.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <utility>

#include "postgres/pause.hpp"

namespace eidolon::copier {

// Turns of coroutines on one executor. Outlives them. Cancellation: while a turn is waited for.
class turns {
 public:
  // Ends when it is destroyed.
  class turn {
   public:
    turn(turns& of, bool alone) : of_{&of}, alone_{alone} {
      if (alone_)
        of.alone_ = true;
      else
        ++of.side_by_side_;
    }
    turn(turn&& other) noexcept : of_{std::exchange(other.of_, nullptr)}, alone_{other.alone_} {}
    turn& operator=(turn&&) = delete;
    ~turn() {
      if (!of_) return;
      if (alone_)
        of_->alone_ = false;
      else
        --of_->side_by_side_;
    }

   private:
    turns* of_;
    bool alone_;
  };

  // Side by side with others, or, once these have ended, alone: nobody begins meanwhile.
  boost::asio::awaitable<turn> take(bool alone) {
    while (alone_) co_await nap();
    turn t{*this, alone};
    while (alone && side_by_side_ > 0) co_await nap();
    co_return t;
  }

 private:
  static boost::asio::awaitable<void> nap() { return postgres::pause(std::chrono::milliseconds{5}); }

  int side_by_side_{};
  bool alone_{};
};

}  // namespace eidolon::copier
