// The steps of a job that are more than one phase of triggers, copier or cutover. Each may be run
// again after it was interrupted at any point.
#pragma once
#include "daemon/job_context.hpp"

namespace eidolon::daemon {

// The plan of the table as it is now. Throws job_refused.
asio::awaitable<plan::plan> plan_anew(job_context& job);

// A job that has just swapped another table is making its foreign keys valid again: what would be planned now would
// leave one of them as it is for the moment. (One that cannot go on is not waited for: its foreign key stays as it is
// until somebody sees to it.)
asio::awaitable<void> wait_for_validations(job_context& job);

// Plans anew, builds the ghost and installs the triggers; the state copying is recorded in the
// triggers' transaction. Throws job_refused.
asio::awaitable<void> prepare(job_context& job);

// The copy, with its progress read beside it.
asio::awaitable<void> copy(job_context& job);

// The indexes, and fresh statistics for the ghost; where these fail for some row, natively they would only be missing,
// and so they are here. Before that, the copy once more: a server that has crashed meanwhile may have lost the last
// chunks, and recorded all the same that they were done. Once this state has begun, they are on the disk.
asio::awaitable<void> build_indexes(job_context& job);

// On the ghost, as far as what hangs on the table is as it was planned; the cutover makes what is missing then.
asio::awaitable<void> build_materialized_views(job_context& job);
// All of them, with today's rows.
asio::awaitable<void> refresh_materialized_views(job_context& job);

// Compares source and ghost. Throws copier::data_error where they differ.
asio::awaitable<void> verify(job_context& job);

// Keeps the ghost close until the cutover is wanted and the job is not paused.
asio::awaitable<void> wait_until_wanted(job_context& job);

// Attempts at the swap. Returns validating, which is recorded in the swap's transaction, or ready
// when the job was paused or has used up its retries.
asio::awaitable<state> cut_over(job_context& job);

// Foreign keys that the job adds hold. Throws copier::data_error.
asio::awaitable<void> check_new_foreign_keys(job_context& job);

// Stores what was planned anew. References into the plan before are gone afterwards.
asio::awaitable<void> replace_plan(job_context& job, plan::plan updated);

// Foreign keys that came NOT VALID with the swap become valid again, without blocking anybody. One that does not hold
// stays NOT VALID, and the job's events say so; a partitioned table's own is added once those of its partitions hold.
asio::awaitable<void> validate(job_context& job);

// Keeps the old table for as long as it is to be kept, then drops it.
asio::awaitable<void> retain(job_context& job);

// From preparing on: what was built is removed there. Its triggers are made harmless in the same transaction.
asio::awaitable<void> begin_again(job_context& job);

// Makes the trigger functions no-ops and records the state aborting, in one transaction.
asio::awaitable<void> begin_clean_up(job_context& job, state end, std::optional<json::object> error);

// Removes triggers, ghost and schemas of a job that was not swapped.
asio::awaitable<void> clean_up(job_context& job);

// Reads how far the copy is into the job's live status; a job whose schema is gone keeps what is recorded.
asio::awaitable<void> read_progress(job_context& job);

}  // namespace eidolon::daemon
