/// The callers that are reported to the database: those that sent something here, and each for some rounds after
/// that.
struct RecentCallers {
    /// Rounds in which a caller is reported after its last request here.
    let rounds: Int
    private var left: [String: Int] = [:]

    init(rounds: Int) { self.rounds = rounds }

    mutating func wasSeen(_ caller: String) { left[caller] = rounds }

    /// - Returns: whether the caller is reported in this round; decrements its remaining rounds.
    mutating func takeRound(of caller: String) -> Bool {
        guard let rest = left[caller] else { return false }
        left[caller] = rest > 1 ? rest - 1 : nil
        return true
    }
}
