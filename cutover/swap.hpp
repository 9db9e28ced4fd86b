// The statements of the swap, in order. Pure builders; run them in the cutover's transaction.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace eidolon::cutover {

// The ghost becomes complete: GENERATED ALWAYS, its replica identity, no index that only the job needed.
std::vector<std::string> complete_ghost(const plan::plan& p);

// These may wait for a lock: sequences are disowned, the old table moves out, the ghost moves in.
std::vector<std::string> move_tables(const plan::plan& p);

// So are the partitions of both, which do not move with their table. All their locks are held.
std::vector<std::string> move_partitions(const plan::plan& p);

// Sequences are owned again and wide enough; identities go on where the old ones stopped.
std::vector<std::string> hand_over_sequences(const plan::plan& p);

// An identity's sequence is another one after the swap. Who waits in nextval() has looked the old one up already, and
// takes a value from it all the same. So where that is seen (somebody waits; or the sequence moved although no row
// could be inserted), the new one begins with a gap for everybody who may. note_positions: with the table's lock held,
// first of all; keep_ahead: last of all, for the rest of the transaction is the time that is not seen.
std::vector<std::string> note_positions(const plan::plan& p);
std::vector<std::string> keep_ahead(const plan::plan& p);

// A write that reaches the old table anyway gets a retryable error (serialization_failure) instead of being lost. Only
// an SQL-body function in flight can bring one: all else looks the table up again, once it has waited for the lock.
// named: partitions that such functions name; a trigger fires where its table is named.
std::vector<std::string> tripwire(const plan::plan& p, const std::vector<std::uint32_t>& named);

}  // namespace eidolon::cutover
