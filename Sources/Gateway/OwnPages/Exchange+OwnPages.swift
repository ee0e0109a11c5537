import NIOHTTP1
import Policy
import Recollection
import Transport

extension Exchange {
    /// Answers a recognised caller that asks for one of the gateway's own pages.
    func answerOwnPage() {
        guard let call = ownPage, let caller = call.caller else { return refuse(Refusal.internalFault) }
        guard worker.pages.hasRoom(for: caller.name) else { return refuse(Refusal.tooManyPages) }
        let answer = answer(to: call, for: caller)
        call.loan = worker.pages.lend(answer.bytes.count, to: caller.name)
        guard call.loan != nil else { return refuse(Refusal.tooManyPages) }
        record.learnOwnPage()
        close(with: .own(answer))
    }

    private func answer(to call: OwnPageCall, for caller: Caller) -> OwnAnswer {
        switch call.page {
        case .whoami: CallerIdentity(caller, rights(of: caller), snapshot).answer
        case .usage: usage(of: caller).answer
        case .operations: OperationList(rights(of: caller), query: call.query).answer
        case .description: DescriptionOfRights.answer(rights(of: caller))
        case .docs: DocumentationPage(caller, rights(of: caller), query: call.query).answer
        }
    }

    private func rights(of caller: Caller) -> CallerRights { CallerRights(of: caller, by: snapshot, at: record.time.seconds) }

    private func usage(of caller: Caller) -> CallerUsagePage {
        let exports = worker.memory.recall { $0.exports.count(of: caller.name, at: record.begun) }
        return CallerUsagePage(
            caller: caller, limited: sender.limited, exports: exports, isFleet: worker.fleet != nil, time: worker.now(),
            queue: worker.flow.standing(of: caller.name))
    }

    func write(_ page: OwnAnswer) {
        var fields = [
            HeaderField("Content-Type", page.type), HeaderField("X-Request-Id", record.requestID), HeaderField("Audit-Id", record.auditID),
            HeaderField("X-HSSGW-Source", "gateway"), HeaderField("Cache-Control", "no-store"), HeaderField("X-Content-Type-Options", "nosniff"),
        ]
        if let policy = page.contentSecurityPolicy {
            fields.append(HeaderField("Content-Security-Policy", policy))
            fields.append(HeaderField("Referrer-Policy", "no-referrer"))
        }
        if let notice = record.keyNotice { fields.append(notice) }
        let isHead = self.head?.method == .HEAD
        var head = DownstreamHead(
            status: 200, fields: fields, framing: isHead ? .none(declared: page.bytes.count) : .length(page.bytes.count))
        addLimitFields(to: &head)
        if let loan = ownPage?.loan.take(), !isHead { downstream?.hold(loan) }
        downstream?.begin(head)
        if !isHead { _ = page.bytes.withUnsafeBytes { downstream?.write($0) } }
        downstream?.end()
    }
}
