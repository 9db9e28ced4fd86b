// The settings as `--help` lists them, from the one table of them.
#pragma once
#include <string>

namespace eidolon::client {

// A row for each with its default and what it expects, and below it what it means; 79 columns wide.
std::string setting_help();

}  // namespace eidolon::client
