/// Why a fault asked for over HTTP can't be had.
struct FaultRequestError: Error, Sendable {
    var sentence: String
}
