/// Refusals of bytes that are not a request.
package enum WireFault {
    static let malformed = WireJudge.malformed(
        "The bytes received are not an HTTP/1.1 request.", "Check that the client speaks plain HTTP/1.1 to this port."
    )
    static let blankInTarget = WireJudge.malformed("There is a blank in the request's path or query.", "Percent-encode it: a blank is %20.")
    static let unknownMethod = WireJudge.malformed(
        "The request's method is not one that this gateway knows.", "Use GET, HEAD, POST, PUT or DELETE, in capitals: methods are case-sensitive."
    )
    static let badChunk = WireJudge.malformed("A chunk of the body has no valid size or end.", "Check the client's chunked encoding.")
    static let headTooLarge = Refusal(
        .headersTooLarge, "The request's head is larger than this gateway reads.", hint: "Send fewer or shorter header fields."
    )
    static let tooManyConnections = Refusal(
        .overloaded, "The gateway serves as many connections as it may.", hint: "Try again in a moment."
    )
    package static let slowHead = Refusal(
        .callerTooSlow, "The request's head did not arrive in time.", hint: "Send the whole head at once."
    )
    package static let slowBody = Refusal(
        .callerTooSlow, "The request's body did not arrive in time.", hint: "Send the announced body without long pauses."
    )
}
