#include "modem/open_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_files.hpp"

namespace atls::modem {
namespace {

struct Store {
    test::FakeFiles files{100};
    OpenFiles open{files, 3};
};

HandleFault fault(const Result<std::uint32_t, HandleFault>& result) {
    return result.ok() ? HandleFault::none : result.error();
}

TEST(OpenFiles, CreatesKeepsTruncates) {
    Store store;
    store.files.put("old", "12345");
    auto kept = store.open.open("old", OpenMode::create);
    ASSERT_TRUE(kept.ok());
    EXPECT_EQ(*kept, 0U);
    EXPECT_EQ(store.open.size(0), 5U);
    EXPECT_EQ(fault(store.open.open("new", OpenMode::create)), HandleFault::none);
    EXPECT_EQ(store.files.size("new"), 0U);
    EXPECT_EQ(store.open.close(0), HandleFault::none);
    EXPECT_EQ(fault(store.open.open("old", OpenMode::truncate)), HandleFault::none);
    EXPECT_EQ(store.files.size("old"), 0U);
    EXPECT_EQ(store.open.all().size(), 2U);
}

TEST(OpenFiles, RefusesToOpen) {
    Store store;
    EXPECT_EQ(fault(store.open.open("", OpenMode::create)), HandleFault::bad_name);
    EXPECT_EQ(fault(store.open.open(std::string(81, 'x'), OpenMode::create)), HandleFault::bad_name);
    EXPECT_EQ(fault(store.open.open("a\nb", OpenMode::create)), HandleFault::bad_name);
    EXPECT_EQ(fault(store.open.open("none", OpenMode::read_only)), HandleFault::not_found);
    EXPECT_EQ(fault(store.open.open("a", OpenMode::create)), HandleFault::none);
    EXPECT_EQ(fault(store.open.open("UFS:a", OpenMode::read_only)), HandleFault::already_open);
    EXPECT_TRUE(store.open.is_open("ufs:a"));
    store.files.fail_change(FileError::input_output);
    EXPECT_EQ(fault(store.open.open("b", OpenMode::create)), HandleFault::io_failed);
    EXPECT_EQ(fault(store.open.open("b", OpenMode::create)), HandleFault::none);
    EXPECT_EQ(fault(store.open.open("c", OpenMode::create)), HandleFault::none);
    EXPECT_EQ(fault(store.open.open("d", OpenMode::create)), HandleFault::too_many_open);
    store.open.close_all();
    EXPECT_TRUE(store.open.all().empty());
}

TEST(OpenFiles, ReadsAndWritesWhereItStands) {
    Store store;
    const std::uint32_t handle = *store.open.open("f", OpenMode::create);
    EXPECT_EQ(store.open.write(handle, "hello").value(), 5U);
    EXPECT_EQ(store.open.write(handle, " world").value(), 11U);
    EXPECT_EQ(store.open.read(handle, 5).error(), HandleFault::end_of_file);
    EXPECT_EQ(store.open.seek(handle, 6, SeekFrom::start), HandleFault::none);
    EXPECT_EQ(store.open.read(handle, 100).value(), "world");
    EXPECT_EQ(store.open.seek(handle, 5, SeekFrom::end), HandleFault::none);
    EXPECT_EQ(store.open.find(handle)->position, 6U);
    EXPECT_EQ(store.open.write(handle, "W").value(), 11U);
    EXPECT_EQ(store.open.seek(handle, 1, SeekFrom::current), HandleFault::none);
    EXPECT_EQ(store.open.truncate(handle), HandleFault::none);
    EXPECT_EQ(store.files.content("f"), "hello Wo");
}

TEST(OpenFiles, SeeksNotBeyondTheEnd) {
    Store store;
    store.files.put("f", "12345");
    const std::uint32_t handle = *store.open.open("f", OpenMode::read_only);
    EXPECT_EQ(store.open.seek(handle, 5, SeekFrom::start), HandleFault::none);
    EXPECT_EQ(store.open.seek(handle, 6, SeekFrom::start), HandleFault::beyond_end);
    EXPECT_EQ(store.open.seek(handle, 6, SeekFrom::end), HandleFault::beyond_end);
    EXPECT_EQ(store.open.seek(handle, 1, SeekFrom::current), HandleFault::beyond_end);
    EXPECT_EQ(store.open.seek(handle, ~std::uint64_t{0}, SeekFrom::current), HandleFault::beyond_end);
    EXPECT_EQ(store.open.find(handle)->position, 5U);
}

TEST(OpenFiles, ReadOnlyIsReadOnly) {
    Store store;
    store.files.put("f", "12345");
    const std::uint32_t handle = *store.open.open("f", OpenMode::read_only);
    EXPECT_EQ(store.open.can_write(handle), HandleFault::read_only);
    EXPECT_EQ(store.open.write(handle, "x").error(), HandleFault::read_only);
    EXPECT_EQ(store.open.truncate(handle), HandleFault::read_only);
    EXPECT_EQ(store.files.content("f"), "12345");
}

TEST(OpenFiles, UnknownHandle) {
    Store store;
    EXPECT_EQ(store.open.find(7), nullptr);
    EXPECT_EQ(store.open.read(7, 1).error(), HandleFault::unknown_handle);
    EXPECT_EQ(store.open.can_write(7), HandleFault::unknown_handle);
    EXPECT_EQ(store.open.seek(7, 0, SeekFrom::start), HandleFault::unknown_handle);
    EXPECT_EQ(store.open.truncate(7), HandleFault::unknown_handle);
    EXPECT_EQ(store.open.close(7), HandleFault::unknown_handle);
    EXPECT_EQ(store.open.size(7), 0U);
}

TEST(OpenFiles, TheDiskFails) {
    Store store;
    const std::uint32_t handle = *store.open.open("f", OpenMode::create);
    EXPECT_EQ(store.open.write(handle, std::string(101, 'x')).error(), HandleFault::no_space);
    EXPECT_EQ(store.open.find(handle)->position, 0U) << "nothing was written";
    ASSERT_TRUE(store.open.write(handle, "abc").ok());
    ASSERT_EQ(store.open.seek(handle, 0, SeekFrom::start), HandleFault::none);
    store.files.fail_read(FileError::input_output);
    EXPECT_EQ(store.open.read(handle, 3).error(), HandleFault::io_failed);
    EXPECT_EQ(store.open.read(handle, 3).value(), "abc");
    store.files.fail_change(FileError::input_output);
    EXPECT_EQ(store.open.truncate(handle), HandleFault::io_failed);
    ASSERT_TRUE(store.files.remove("f").ok());
    EXPECT_EQ(store.open.write(handle, "x").error(), HandleFault::not_found);
}

TEST(OpenFiles, HandlesBeginWhereTheModuleBegins) {
    test::FakeFiles files;
    OpenFiles open(files, 3, 3000);
    EXPECT_EQ(*open.open("a", OpenMode::create), 3000U);
    EXPECT_EQ(*open.open("b", OpenMode::create), 3001U);
    EXPECT_EQ(open.close(3000), HandleFault::none);
    EXPECT_EQ(*open.open("c", OpenMode::create), 3000U);
}

}  // namespace
}  // namespace atls::modem
