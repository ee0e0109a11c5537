/// How long it takes from the moment that a line's state is computed for until the database stores it: on a slow machine or a long way longer than
/// the database lets a state's time be off. Learnt from its clock in every answer; where it is little, nothing is reckoned with.
struct StoreLead: Sendable {
    /// The database lets a state's time be off by 50 ms.
    private static let little = Duration.milliseconds(20)
    /// What takes longer was held up, or a clock has jumped.
    private static let most = Duration.milliseconds(500)

    private var average = Duration.zero

    var span: Duration { average > Self.little ? average : .zero }

    mutating func observe(_ delay: Duration) {
        guard delay > .zero, delay < Self.most else { return }
        // Rather too little: who is stored too soon waits for its moment.
        average = average == .zero ? delay : delay < average ? (average + delay) / 2 : (average * 3 + delay) / 4
    }
}
