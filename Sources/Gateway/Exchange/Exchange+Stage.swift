extension Exchange {
    /// Where the exchange stands, so that late events find out that they are late.
    enum Stage {
        case deciding
        /// Waits for the fleet's database.
        case asking
        /// Waits for the answer to the same call of somebody else.
        case sharing
        /// Waits for its turn before HSS's quota.
        case waiting
        /// Waits for the request record.
        case journalingRequest
        /// Waits for something to vouch with.
        case awaitingCredential
        case sending
        /// HSS's answer is read, before it is known what happens next.
        case holding
        case relaying
        /// The closing record is on its way; what is held back follows it.
        case journalingEnd
        case done
    }
}
