/// The callers that the database is told of: those that sent something here, and each for some rounds after that.
struct RecentCallers {
    /// Rounds in which a caller is told of after its last request here.
    let rounds: Int
    private var left: [String: Int] = [:]

    init(rounds: Int) { self.rounds = rounds }

    mutating func wasSeen(_ caller: String) { left[caller] = rounds }

    /// - Returns: whether the caller is told of in this round, which is one less from then on.
    mutating func takeRound(of caller: String) -> Bool {
        guard let rest = left[caller] else { return false }
        left[caller] = rest > 1 ? rest - 1 : nil
        return true
    }
}
