import NIOCore

/// What the socket knows: how much of an answer has arrived, and whether input waits to be read.
extension ConnectionHandler {
    var bytesLostByEnd: Int {
        guard context == nil || isDelimitedByEnd else { return 0 }
        lookAtReceipt()
        return receipt.missing + output.readableBytes
    }

    /// Checks how much of an answer under way has arrived; not done for an answer that leaves in one piece.
    func lookAtReceipt() {
        guard receipt.isUnderWay, reader.isExchanging, let context else { return }
        receipt.look(socket(of: context.channel)?.bytes(of: context.channel))
    }

    var hasUnreadInput: Bool {
        guard phase == .open, let context else { return false }
        return isHeldOver || socket(of: context.channel)?.hasInput(of: context.channel) == true
    }

    private func socket(of channel: any Channel) -> SocketBacklog? {
        if backlog == nil { backlog = SocketBacklog(of: channel, isUnix: origin.isUnix) }
        return backlog
    }
}
