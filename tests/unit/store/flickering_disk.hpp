// A disk that loses power after any step, and then holds as little as it may.
#pragma once

#include <cerrno>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/disk.hpp"

namespace atls::store {

/// What a loss of power leaves. Octets and names that were not synced may or may not be there, each in its order.
struct Aftermath {
    enum class Octets { synced_only, half, all };
    Octets octets = Octets::synced_only;
    std::size_t names = 0;  ///< how many of the changes to the directory since its last sync survive
};

class FlickeringDisk final : public Disk {
public:
    struct Content {
        Bytes octets, synced;
    };
    using Names = std::map<std::string, std::shared_ptr<Content>>;

    /// Shared with the test: the disk's owner is the store.
    struct State {
        Names names, synced_names;
        std::vector<Names> changes;  ///< the directory after each change since its last sync
        int steps = 0;
        int fails_at = -1;           ///< this step fails …
        int error = EIO;             ///< … so …
        bool and_ever_after = true;  ///< … and power is gone

        int step() {
            const int number = steps++;
            const bool fails = fails_at >= 0 && (and_ever_after ? number >= fails_at : number == fails_at);
            return fails ? error : 0;
        }
        void changed() { changes.push_back(names); }
        /// A new disk as power comes back.
        [[nodiscard]] std::shared_ptr<State> after(const Aftermath& how) const {
            auto fresh = std::make_shared<State>();
            const Names& survivors = how.names == 0 ? synced_names : changes.at(how.names - 1);
            for (const auto& [name, content] : survivors) {
                auto copy = std::make_shared<Content>();
                copy->octets = content->synced;
                if (how.octets == Aftermath::Octets::all) copy->octets = content->octets;
                if (how.octets == Aftermath::Octets::half && content->octets != content->synced) {
                    copy->octets = content->octets.substr(0, content->octets.size() / 2);
                }
                copy->synced = copy->octets;
                fresh->names[name] = copy;
            }
            fresh->synced_names = fresh->names;
            return fresh;
        }
    };

    explicit FlickeringDisk(std::shared_ptr<State> state) : state_(std::move(state)) {}

    [[nodiscard]] Result<std::vector<Entry>, Errno> list() const override {
        std::vector<Entry> all;
        for (const auto& [name, content] : state_->names) all.push_back({name, content->octets.size()});
        return all;
    }
    [[nodiscard]] Result<Bytes, Errno> read(const std::string& name, std::uint64_t offset,
                                            std::size_t count) const override {
        const auto found = state_->names.find(name);
        if (found == state_->names.end()) return Errno{ENOENT};
        return found->second->octets.substr(static_cast<std::size_t>(offset), count);
    }
    Result<std::unique_ptr<Draft>, Errno> create(const std::string& name) override {
        if (const int error = state_->step()) return Errno{error};
        auto& content = state_->names[name];
        content = std::make_shared<Content>();
        state_->changed();
        return {std::make_unique<FlickeringDraft>(state_, content)};
    }
    Outcome<Errno> rename(const std::string& from, const std::string& to) override {
        if (const int error = state_->step()) return Errno{error};
        const auto found = state_->names.find(from);
        if (found == state_->names.end()) return Errno{ENOENT};
        auto content = found->second;
        state_->names.erase(found);
        state_->names[to] = std::move(content);
        state_->changed();
        return {};
    }
    Outcome<Errno> unlink(const std::string& name) override {
        if (const int error = state_->step()) return Errno{error};
        if (state_->names.erase(name) == 0) return Errno{ENOENT};
        state_->changed();
        return {};
    }
    Outcome<Errno> sync_directory() override {
        if (const int error = state_->step()) return Errno{error};
        state_->synced_names = state_->names;
        state_->changes.clear();
        return {};
    }

private:
    class FlickeringDraft final : public Draft {
    public:
        FlickeringDraft(std::shared_ptr<State> state, std::shared_ptr<Content> content)
            : state_(std::move(state)), content_(std::move(content)) {}
        Outcome<Errno> append(BytesView octets) override {
            if (const int error = state_->step()) return Errno{error};
            content_->octets += octets;
            return {};
        }
        Outcome<Errno> sync() override {
            if (const int error = state_->step()) return Errno{error};
            content_->synced = content_->octets;
            return {};
        }

    private:
        std::shared_ptr<State> state_;
        std::shared_ptr<Content> content_;
    };

    std::shared_ptr<State> state_;
};

}  // namespace atls::store
