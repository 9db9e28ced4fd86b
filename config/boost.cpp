// The definitions of Asio, Beast and JSON, compiled once for the whole program:
// every other file sees declarations only, which keeps compile times short.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
#include <boost/json/src.hpp>
