// JSON of the API as text for people. Pure: values in, text out.
#pragma once
#include <boost/json/value.hpp>
#include <chrono>
#include <string>

namespace eidolon::client {

std::string job_table(const boost::json::value& jobs);              // of {"jobs": […]}
std::string replica_table(const boost::json::value& databases);     // of {"databases": […]}
std::string unreachable_databases(const boost::json::value& jobs);  // of {"unreachable": […]}: a warning for each
std::string job_details(const boost::json::value& job);
std::string event_line(const boost::json::value& event);
std::string plan_text(const boost::json::value& plan);

// "copying, paused" and the like: the state and what holds the job.
std::string state_and_condition(const boost::json::value& job);
// The same without the details, which change from one look to the next.
std::string state_and_reasons(const boost::json::value& job);

// One line of progress, without its end. With a bar it is no longer than `width`, and what holds the job comes first.
std::string progress_line(const boost::json::value& job);
std::string progress_bar(const boost::json::value& job, std::size_t width, std::chrono::system_clock::time_point now);

// How an ended job ended, in sentences.
std::string ending(const boost::json::value& job);

// A problem document: the code, the sentence and the advice; each refusal likewise.
std::string problem_text(const boost::json::value& problem);

std::string duration_text(double seconds);  // "0.2s", "42s", "1m35s", "2h05m", "3d04h"
std::string count_text(double n);           // "1,234,567"

}  // namespace eidolon::client
