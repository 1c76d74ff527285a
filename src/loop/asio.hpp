// Asio, included by this folder only. Compiled once, in asio.cpp: every other file stays quick to build.
#pragma once

#define BOOST_ASIO_SEPARATE_COMPILATION

#include <boost/asio/io_context.hpp>

namespace atls::loop {

using Context = boost::asio::io_context;
/// Not any_io_executor: it costs 40 octets an object and an allocation a handler.
using Executor = Context::executor_type;

}  // namespace atls::loop
