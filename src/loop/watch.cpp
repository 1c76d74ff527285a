#include "loop/watch.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/posix/descriptor_base.hpp>
#include <boost/system/error_code.hpp>
#include <utility>

#include "base/ensure.hpp"
#include "loop/asio.hpp"

namespace atls::loop {

namespace {
using boost::asio::posix::descriptor_base;
}

struct Watch::State {
    struct Direction {
        std::function<void()> ready;
        bool wanted = false;
        bool armed = false;  ///< a wait is pending; once unwanted it is left to lapse, which costs nothing
    };

    explicit State(Loop& loop) : descriptor(loop.context()) {}

    static void want(const std::shared_ptr<State>& self, Direction State::*way, bool wanted) {
        ((*self).*way).wanted = wanted;
        if (wanted && !((*self).*way).armed) arm(self, way);
    }

    static void arm(const std::shared_ptr<State>& self, Direction State::*way) {
        ((*self).*way).armed = true;
        const auto what = way == &State::read    ? descriptor_base::wait_read
                          : way == &State::write ? descriptor_base::wait_write
                                                 : descriptor_base::wait_error;
        self->descriptor.async_wait(what, [self, way](const boost::system::error_code& error) {
            // Any other error is the owner's to find when it reads or writes.
            if (error == boost::asio::error::operation_aborted || self->gone) return;
            Direction& direction = (*self).*way;
            direction.armed = false;
            if (!direction.wanted) return;
            direction.ready();
            if (!self->gone && direction.wanted && !direction.armed) arm(self, way);
        });
    }

    boost::asio::posix::basic_stream_descriptor<Executor> descriptor;
    Direction read, write, urgent;
    bool gone = false;
};

Watch::Watch(Loop& loop, int fd, std::function<void()> readable, std::function<void()> writable,
             std::function<void()> urgent)
    : state_(std::make_shared<State>(loop)) {
    state_->read.ready = std::move(readable);
    state_->write.ready = std::move(writable);
    state_->urgent.ready = std::move(urgent);
    boost::system::error_code error;
    state_->descriptor.assign(fd, error);
    ensure(!error, "watching a descriptor that cannot be watched");
}

Watch::~Watch() {
    state_->gone = true;
    state_->descriptor.release();
}

void Watch::want_read(bool wanted) { State::want(state_, &State::read, wanted); }
void Watch::want_write(bool wanted) { State::want(state_, &State::write, wanted); }
void Watch::want_urgent(bool wanted) { State::want(state_, &State::urgent, wanted); }

}  // namespace atls::loop
