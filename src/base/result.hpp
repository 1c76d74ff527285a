// A value, or why there is none. For what the world can refuse: disk, DNS, TLS.
#pragma once

#include <utility>
#include <variant>

#include "base/ensure.hpp"

namespace atls {

template <class T, class E>
class [[nodiscard]] Result {
public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(E error) : held_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return held_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() {
        ensure(ok(), "value of a failed Result");
        return *std::get_if<0>(&held_);
    }
    const T& value() const {
        ensure(ok(), "value of a failed Result");
        return *std::get_if<0>(&held_);
    }
    const E& error() const {
        ensure(!ok(), "error of a good Result");
        return *std::get_if<1>(&held_);
    }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    std::variant<T, E> held_;
};

/// A Result without a value: success, or an error.
template <class E>
class [[nodiscard]] Outcome {
public:
    Outcome() = default;
    Outcome(E error) : error_(std::move(error)), ok_(false) {}

    [[nodiscard]] bool ok() const { return ok_; }
    explicit operator bool() const { return ok_; }
    const E& error() const {
        ensure(!ok_, "error of a good Outcome");
        return error_;
    }

private:
    E error_{};
    bool ok_ = true;
};

}  // namespace atls
