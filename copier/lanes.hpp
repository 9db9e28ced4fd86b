// Which blocks are to be copied, and who works at which: lanes, in their order, and work stealing at the end, when the
// session that is done halves what another one has before it. So nobody is alone for long, however large the lanes are
// (randomised work stealing: Blumofe and Leiserson, JACM 46(5), 1999; here the victim is the one with most to do, for
// there are few). Pure: who asks does what is answered, and the table of lanes in the database has the last word.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace eidolon::copier {

// A run of heap blocks [next, end), and the end of the chunk that somebody copies of it now.
struct lane {
  int id{};
  std::size_t leaf{};  // of the work's leaves
  std::int64_t next{}, end{};
  std::int64_t under_way{};
  std::int64_t chunk{};  // blocks of the one under way, or of the last one; 0: none
  bool taken{};
  std::int64_t refused{-1};  // under_way when it could not be split
};

class lanes {
 public:
  // Another one, that nobody works at. Ids are unique, and in the order of blocks, but for what was split off.
  void add(lane l);

  bool empty() const { return open_.empty(); }
  std::int64_t blocks() const;

  // The first that nobody works at, or none. What is pointed at stays where it is until it is left.
  lane* take();

  // Its worker goes. It is forgotten when all of it has been copied.
  void leave(lane& l);

  // Whether one that is worked at has two chunks or more before it beyond the chunk under way: of so many blocks, or of
  // its own, which are fewer where blocks take long.
  bool may_be_split(std::int64_t chunk) const;
  // Of these the one with the longest way to go, which has not refused while it was at this chunk; or none.
  const lane* longest(std::int64_t chunk) const;

  // Where the longest is to be split: in the middle of what lies beyond the chunk under way.
  static std::int64_t middle(const lane& l);

  // It was not split: not before its next chunk is it worth another try.
  void refuse(int id);

  // The database has it so: what began at `at` in that lane is the lane `id` now, which nobody works at.
  void split(int from, std::int64_t at, lane rest);

 private:
  std::map<int, lane> open_;
};

}  // namespace eidolon::copier
