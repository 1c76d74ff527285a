// Session: running command lines (V.250 5.4).
#include <algorithm>

#include "at/catalogue.hpp"
#include "at/session.hpp"
#include "at/unit.hpp"

namespace atls::at {

namespace {

bool succeeds(const Final& final) {
    using What = Final::What;
    return final.what == What::ok || final.what == What::words || final.what == What::silent;
}

}  // namespace

void Session::run_line(const std::string& body) {
    running_.emplace(body);
    last_final_ = Final{};
    continue_line();
}

void Session::continue_line() {
    while (running_ && !running_->at_end()) {
        const auto parsed = running_->next();
        current_ = nullptr;
        const bool one_too_many = unit_.quirks.one_command_a_line != 0 && !running_->at_end();
        Reply reply = one_too_many ? error() : parsed ? execute(*parsed) : refuse(parsed.error());
        if (!apply(std::move(reply))) return;
    }
    finish(last_final_);
}

Reply Session::refuse(const Unreadable& unreadable) {
    current_ = unit_.dialect.find(unreadable.name);
    const bool remembered = current_ != nullptr && current_->errors == Errors::socket;
    return remembered ? fault(modem::Fault::bad_parameter) : error();
}

Reply Session::execute(const Parsed& parsed) {
    const Command* row = unit_.dialect.find(parsed.name);
    if (row == nullptr || row->missing) {
        unit_.modem.log.write(Level::info, "at", row == nullptr ? "unknown command" : "command not supported",
                              {{"port", name_}, {"command", parsed.name}});
        if (row == nullptr || row->execute == nullptr) return error();
        Call refused(*this, unit_, *row, parsed.form);
        return row->execute(refused);
    }
    current_ = row;
    Call call(*this, unit_, *row, parsed.form);
    if (parsed.form == Form::test) return answer_test(call);
    if (!row->keys.empty() && parsed.form == Form::set) return execute_keyed(call, parsed);

    // ATE is ATE0: V.250 5.3.1.
    const bool number_left_out = parsed.basic && parsed.form == Form::execute && row->execute == nullptr;
    const Form form = number_left_out ? Form::set : parsed.form;
    Handler handler = row->set;
    if (form == Form::read) handler = row->read;
    if (form == Form::execute) handler = row->execute;
    if (handler == nullptr) return row->errors == Errors::socket ? fault(modem::Fault::bad_parameter) : error();
    const bool with_arguments = parsed.form == Form::set || parsed.basic;
    if (with_arguments && !call.bind(at::used(row->params), parsed.arguments)) return bad_parameter(*row);
    return counted(entry_name(*row, form, nullptr, false), handler(call));
}

Reply Session::execute_keyed(Call& call, const Parsed& parsed) {
    const Command& row = call.command;
    const auto lead = at::used(row.params);
    if (!lead.empty() && parsed.arguments.size() <= lead.size()) {
        if (row.set == nullptr || !call.bind(lead, parsed.arguments)) return bad_parameter(row);
        return counted(entry_name(row, Form::set, nullptr, false), row.set(call));
    }
    const Argument& wanted = parsed.arguments[lead.size()];
    const Key* key = nullptr;
    for (const auto& candidate : row.keys) {
        if (wanted.present && equal_ignoring_case(candidate.name, wanted.text)) key = &candidate;
    }
    if (key == nullptr || key->missing)
        return row.errors == Errors::socket ? fault(modem::Fault::bad_parameter) : error();
    call.key = key;
    const std::span<const Argument> rest = std::span(parsed.arguments).subspan(lead.size() + 1);
    const auto params = at::used(key->params);
    const bool query = rest.size() <= key->index_params;
    // A query names the index parameters only; a setting may leave out what is optional.
    const auto expected = query ? params.first(key->index_params) : params;
    std::vector<const Param*> bound(lead.begin(), lead.end());
    bound.insert(bound.end(), expected.begin(), expected.end());
    std::vector<Argument> arguments = parsed.arguments;
    arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(lead.size()));
    if (!call.bind(bound, arguments)) return bad_parameter(row);
    const auto values = query ? rest : rest.subspan(key->index_params);
    if (!query && std::none_of(values.begin(), values.end(), [](const Argument& value) { return value.present; })) {
        return bad_parameter(row);  // "key",1, names a value and gives none
    }
    Handler handler = key->set;
    if (query) handler = key->prompt != nullptr ? key->prompt : key->query;
    if (handler == nullptr) return bad_parameter(row);
    return counted(entry_name(row, Form::set, key, query), handler(call));
}

Reply Session::answer_test(Call& call) {
    const Command& row = call.command;
    if (row.test == TestForm::none) return error();
    used(entry_name(row, Form::test, nullptr, false));
    if (row.test == TestForm::only_ok) return ok();
    if (row.test == TestForm::handler) return row.test_handler(call);
    if (row.keys.empty()) {
        auto params = unit_.dialect.as_declared(at::used(row.params));
        std::erase_if(params, [](const Param* param) { return param->unlisted; });
        return params.empty() ? ok() : info(at::line(row.name, ": ", shown(params)));
    }
    std::vector<std::string> lines;
    for (const auto& key : row.keys) {
        if (key.hidden || key.missing) continue;
        std::string text = at::line(row.name, ": ", quoted(key.name));
        for (const Param* param : at::used(key.params)) {
            if (!param->unlisted) text += "," + shown(unit_.dialect.as_declared(*param));
        }
        lines.push_back(std::move(text));
    }
    return info(std::move(lines));
}

Reply Session::bad_parameter(const Command& row) const {
    switch (row.errors) {
        case Errors::plain:
            return error();
        case Errors::general:
            return cme_error(unit_.dialect.errors->cme_bad_parameter);
        case Errors::file:
            return cme_error(unit_.dialect.errors->cme_bad_file_parameter);
        case Errors::http:
            return cme_error(unit_.dialect.errors->cme_bad_http_parameter);
        case Errors::socket:
            return fault(modem::Fault::bad_parameter);
    }
    return error();
}

// Shows a reply. True: the command is done and the line goes on; false: it waits, took a data phase, or failed.
bool Session::apply(Reply reply) {
    put_info(reply.info);
    if (auto* final = std::get_if<Final>(&reply.then)) {
        note_outcome(*final);
        if (succeeds(*final)) {
            last_final_ = std::move(*final);
            return true;
        }
        running_.reset();
        finish(*final);
        return false;
    }
    if (auto* wait = std::get_if<Wait>(&reply.then)) {
        set_mode(std::move(*wait));
    } else if (auto* collect = std::get_if<Collect>(&reply.then)) {
        begin(std::move(*collect));
    } else if (auto* stream = std::get_if<Stream>(&reply.then)) {
        begin(std::move(*stream));
    } else if (const auto* enter = std::get_if<EnterMultiplexer>(&reply.then)) {
        begin(*enter);
    } else {
        begin(std::get<EnterTransparent>(reply.then));
    }
    return false;
}

void Session::resume(Reply reply) {
    set_mode(Idle{});
    if (apply(std::move(reply))) continue_line();
    line_signals_.wake();
}

void Session::note_outcome(const Final& final) {
    if (current_ == nullptr || current_->errors != Errors::socket) return;
    if (final.what == Final::What::fault) {
        last_fault = final.fault;
    } else if (final.what != Final::What::error && final.what != Final::What::cme) {
        last_fault = modem::Fault::none;
    }
}

void Session::finish(const Final& final) {
    running_.reset();
    switch (final.what) {
        case Final::What::ok:
            put_result("OK", 0);
            break;
        case Final::What::error:
        case Final::What::fault:
            put_result("ERROR", 4);
            break;
        case Final::What::cme:
            put_result(cme_words(final.code), line.error_reports == 0 ? std::optional(4) : std::nullopt);
            break;
        case Final::What::words:
        case Final::What::failed_words:
            put_result(final.words, final.numeric);
            break;
        case Final::What::silent:
            break;
    }
}

std::string Session::cme_words(int code) const {
    if (line.error_reports == 0) return "ERROR";
    const std::string_view text = unit_.dialect.errors->cme_text(code);
    if (line.error_reports == 1 || text.empty()) return at::line("+CME ERROR: ", code);
    return at::line("+CME ERROR: ", text);
}

// A form that is refused has not been used.
Reply Session::counted(const std::string& entry, Reply reply) {
    const auto* final = std::get_if<Final>(&reply.then);
    if (final == nullptr || succeeds(*final)) used(entry);
    return reply;
}

void Session::used(const std::string& entry) {
    if (unit_.on_used) unit_.on_used(entry);
}

}  // namespace atls::at
