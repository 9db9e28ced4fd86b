// Runs several coroutines at once and awaits them all; when one fails, the others are
// cancelled and its exception is thrown once they have ended.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <vector>

namespace eidolon::copier {

boost::asio::awaitable<void> run_all(std::vector<boost::asio::awaitable<void>> tasks);

}  // namespace eidolon::copier
