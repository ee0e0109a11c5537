// What the C++ of the two BoringSSLs includes of the standard library, in nearly every file; scripts/build.sh has it read once.
#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
