// A label provider for tests, "eidolon test", that takes every label. The server's headers come in a large package, so
// the few declarations that a module needs are made here; they are those of PostgreSQL 15, and another version does not
// load it.
extern "C" {

struct module_magic {
  int length, version, function_arguments, index_keys, name_length, float8_by_value;
  char abi[32];
};

const module_magic* Pg_magic_func() {
  static const module_magic magic{sizeof(module_magic), 1500, 100, 32, 64, 1, "PostgreSQL"};
  return &magic;
}

struct object_address;
void register_label_provider(const char* name, void (*check)(const object_address*, const char* label));

void _PG_init() {
  register_label_provider("eidolon test", [](const object_address*, const char*) {});
}
}
