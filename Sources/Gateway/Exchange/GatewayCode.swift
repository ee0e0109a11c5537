/// The codes of the API gateway in front of HSS: `APIGW.` on the public cloud, `APIG.` on dedicated ones (protocol page c.3).
package enum GatewayCode {
    /// Whether a code is one of these numbers, of either gateway.
    private static func isOne(of numbers: Set<Substring>, _ code: String?) -> Bool {
        guard let code, let dot = code.firstIndex(of: "."), code[..<dot] == "APIGW" || code[..<dot] == "APIG" else { return false }
        return numbers.contains(code[code.index(after: dot)...])
    }

    /// The call exceeded a quota and did not reach HSS.
    static func isThrottled(_ code: String?) -> Bool { isOne(of: ["0308"], code) }

    /// A new token may help: IAM authentication failed, or the token must be updated.
    static func isMendedByToken(_ code: String?) -> Bool { isOne(of: ["0301", "0307"], code) }

    /// Authentication of an IAM user, an app or a token failed. IAM's own codes mean the same.
    package static func isAuthenticationFailure(_ code: String?) -> Bool {
        isOne(of: ["0301", "0303", "0305", "0307"], code) || code?.hasPrefix("IAM.") == true
    }
}
