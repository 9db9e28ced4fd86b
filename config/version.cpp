#include "config/version.hpp"

namespace eidolon::config {

const std::string_view version{EIDOLON_VERSION};

}  // namespace eidolon::config
