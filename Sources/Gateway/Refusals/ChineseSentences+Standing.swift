extension ChineseSentences {
    /// Sentences of recognition, policy and the way to HSS: the English one, then the Chinese one. `{}` stands for a value.
    static let standing = """
        The gateway doesn't know this key.
        网关不认识此密钥。
        Check that all of it is sent; the operator lists keys with `hss-gateway caller key list` and makes new ones.
        请确认密钥完整；管理员可用 `hss-gateway caller key list` 列出密钥并创建新的。
        The request shows more than one key or token.
        请求出示了不止一个密钥或令牌。
        Send one.
        请只发送一个。
        The Authorization field is no SDK-HMAC-SHA256 signature.
        Authorization 字段不是 SDK-HMAC-SHA256 签名。
        Sign with the official SDK's default algorithm, SDK-HMAC-SHA256.
        请用官方 SDK 的默认算法 SDK-HMAC-SHA256 签名。
        A signed field is missing or repeated, or X-Sdk-Date is not among the signed ones.
        已签名的字段缺失或重复，或者 X-Sdk-Date 未被签名。
        Sign with the official SDK, and let nothing between it and the gateway change header fields.
        请用官方 SDK 签名，并确保其与网关之间没有设备改动头字段。
        The signature doesn't belong to this request and this key.
        签名与此请求和此密钥不符。
        Check the secret key, and that nothing between the SDK and the gateway changes the host, the path, the query or the body.
        请检查私有密钥，并确认 SDK 与网关之间没有设备改动主机、路径、查询参数或请求体。
        The body isn't covered by the signature: X-Sdk-Content-Sha256 says UNSIGNED-PAYLOAD.
        签名没有覆盖请求体：X-Sdk-Content-Sha256 为 UNSIGNED-PAYLOAD。
        Sign the body: set X-Sdk-Content-Sha256 to its SHA-256 in hexadecimal, or leave the field out. Only forms may go unsigned.
        请对请求体签名：把 X-Sdk-Content-Sha256 设为其十六进制 SHA-256，或去掉该字段。只有表单可以不签名。
        X-Sdk-Date is more than 15 minutes from the gateway's clock.
        X-Sdk-Date 与网关时钟相差超过 15 分钟。
        Set the client's clock (NTP), and sign each request when it is sent.
        请校准客户端时钟（NTP），并在发送时为每个请求签名。
        This signature was used before.
        此签名已使用过。
        Sign anew. The SDK's date has whole seconds: two equal requests within one second need a different X-Request-Id each.
        请重新签名。SDK 的日期精确到秒：同一秒内两个相同的请求需要各用不同的 X-Request-Id。
        The gateway remembers as many signatures as it may.
        网关记住的签名已达上限。
        Try again later, and send fewer requests.
        请稍后重试，并减少请求。
        The token has expired.
        令牌已过期。
        Get a new one from its issuer.
        请向其签发方获取新的令牌。
        As many tokens with a wrong signature came from this address as are verified in a second.
        此地址发来的签名错误的令牌已达到每秒验证的上限。
        Try again in a moment; the operator finds out who sends them.
        请稍后重试；请管理员查明由谁发送。
        The token is longer than this gateway reads.
        令牌长于本网关读取的上限。
        Get a shorter one; the operator sets `limits.token`.
        请获取更短的令牌；管理员可设置 `limits.token`。
        The token is not valid yet.
        令牌尚未生效。
        Check the clocks of the issuer and the gateway.
        请检查签发方与网关的时钟。
        The token is signed with an algorithm that isn't accepted.
        令牌的签名算法不被接受。
        Use RS256, PS256, ES256, their longer forms, or EdDSA.
        请使用 RS256、PS256、ES256 及其更长的形式，或 EdDSA。
        The keys of the token's issuer could not be fetched.
        无法获取令牌签发方的公钥。
        Try again; the operator checks `jwks`.
        请重试；管理员应检查 `jwks`。
        The proxy in front of the gateway names no address of its client.
        网关前面的代理没有给出其客户端的地址。
        The operator checks what the proxy writes into X-Forwarded-For.
        管理员应检查代理写入 X-Forwarded-For 的内容。
        The token is not one that its issuer vouches for.
        该令牌不被其签发方认可。
        The gateway is stopping.
        网关正在停止。
        Try again; another instance or the restarted one will answer.
        请重试；另一个实例或重启后的实例会应答。
        This request was passed on by a gateway already, by this one or by another.
        此请求已由某个网关（本网关或另一个）转发过。
        The operator checks that no region's endpoint points at a gateway.
        管理员应确认没有任何区域的终端节点指向网关。
        A page of another site made this request, and its caller is known by its place alone.
        此请求由其他站点的页面发出，而其调用方只凭所在位置识别。
        Call from a program. A page may call with a key or token of its own, from the gateway's own origin.
        请从程序调用。页面须从网关自己的源、用自己的密钥或令牌调用。
        A browser made this request without saying for which page, and its caller is known by its place alone.
        浏览器发出了此请求，却未说明来自哪个页面，而其调用方只凭所在位置识别。
        Call from a program, with a key or token, or over TLS, where browsers say it.
        请从程序调用，或带上密钥或令牌，或使用 TLS：浏览器在 TLS 下会说明来源页面。
        A browser made this request under a name that anybody can have resolved to this machine.
        浏览器以任何人都能解析到本机的名称发出了此请求。
        Use localhost or an address, or have the operator name the host in the listener's `hosts`.
        请使用 localhost 或地址，或请运维人员在监听器的 `hosts` 中写明该主机名。
        The audit journal can't be written, so nothing was sent to HSS.
        审计日志无法写入，因此没有向 HSS 发送任何内容。
        Try again in a moment; the operator checks the journal's disk.
        请稍后重试；管理员应检查日志所在的磁盘。
        HSS answered, but the audit journal could not be written, so the answer is withheld.
        HSS 已应答，但审计日志无法写入，因此扣留了应答。
        HSS has executed the request: check before repeating anything but a read.
        HSS 已执行该请求：除读取外，重复之前请先核实。
        The gateway holds as many bytes of request bodies as it may.
        网关持有的请求体字节数已达上限。
        Try again as Retry-After says; the operator sets `limits.bodies`.
        请按 Retry-After 重试；管理员可设置 `limits.bodies`。
        As many of the gateway's own pages as may wait for callers to read them.
        等待调用方读取的网关自有页面已达上限。
        Read the answers to earlier requests, then try again.
        请先读取先前请求的应答，然后重试。
        HSS's answer may hold a token and can't be read to remove it, so it is withheld.
        HSS 的应答可能含有令牌，却无法读取以将其移除，因此扣留了应答。
        The credential {} is not available, so nothing was sent to HSS.
        凭据 {} 不可用，因此没有向 HSS 发送任何内容。
        Try again in a moment; the operator looks at the readiness check credential:{}.
        请稍后重试；管理员应查看就绪检查项 credential:{}。
        The credential {} is being proved after a start or a refusal, so nothing was sent to HSS: until HSS has accepted it, only a few requests \
        leave at a time.
        凭据 {} 在启动或被拒之后正在验证，因此没有向 HSS 发送任何内容：在 HSS 接受它之前，每次只放行少数请求。
        The credential {} rests, because the cloud refused it.
        凭据 {} 因被云拒绝而暂停使用。
        Nothing was sent to HSS. The operator looks at the readiness check credential:{}.
        没有向 HSS 发送任何内容。管理员应查看就绪检查项 credential:{}。
        IAM has not said yet which id the project {} has, so nothing was sent to HSS.
        IAM 尚未给出项目 {} 的 ID，因此没有向 HSS 发送任何内容。
        Try again in a moment; the operator checks IAM, or writes the project's `id` into the configuration.
        请稍后重试；管理员应检查 IAM，或在配置中写明项目的 `id`。
        A fault of the gateway's own kept this request from being sent.
        网关自身的故障使该请求未能发出。
        Tell the operator the Audit-Id.
        请把 Audit-Id 告知管理员。
        The gateway doesn't know who calls from {}.
        网关不认识来自 {} 的调用方。
        Send your key if you have one; without one, the operator adds this address to a caller's `authenticate`.
        如有密钥，请随请求发送；没有密钥时，请网关管理员把此地址加入某个调用方的 `authenticate`。
        What the request shows is no key, signature or token that this gateway knows, and the gateway doesn't know who calls from {}.
        请求所出示的不是本网关认识的密钥、签名或令牌，网关也不认识来自 {} 的调用方。
        Send all of a key that the operator made (`caller key create`), or have this address added to a caller's `authenticate`.
        请完整发送管理员创建的密钥（`caller key create`），或请其把此地址加入某个调用方的 `authenticate`。
        The proxy at {} doesn't say whose request this is.
        位于 {} 的代理没有说明这是谁的请求。
        The operator has the proxy write X-Forwarded-For, or takes it out of `trusted_proxies`.
        管理员应让代理写入 X-Forwarded-For，或将其从 `trusted_proxies` 中移除。
        The key or token is good, and does not make a caller of who sends it from {}.
        密钥或令牌有效，但从 {} 发送它的人并不因此成为调用方。
        Ask the gateway's operator what else this caller's `authenticate` asks for.
        请询问网关管理员该调用方的 `authenticate` 还要求什么。
        The caller {} may not use the project {}.
        调用方 {} 不可使用项目 {}。
        Ask the gateway's operator to grant a project.
        请网关管理员授予一个项目。
        Use {}, or _ for the first one.
        请使用 {}；_ 表示第一个项目。
        The path says {project_id}, and the caller {} has several projects: {}.
        路径为 {project_id}，而调用方 {} 有多个项目：{}。
        Name one in the path: the SDK fills none in while Authorization is set. Send the key as X-HSSGW-Key, or use a virtual key.
        请在路径中写明一个：带有 Authorization 时 SDK 不会填入项目。请改用 X-HSSGW-Key 发送密钥，或使用虚拟密钥。
        The operation {} is not allowed for the caller {}.
        接口 {} 不允许调用方 {} 使用。
        Ask the gateway's operator for a rule that allows it.
        请网关管理员添加允许它的规则。
        The export task belongs to another caller than {}, so {} is not allowed.
        该导出任务不属于 {}，因此不允许 {}。
        No export task of {} is known by this name, so {} is not allowed.
        {} 没有此名称的导出任务，因此不允许 {}。
        Name a task that this caller created, or ask the gateway's operator for a rule with `tasks: any`.
        请使用本调用方创建的任务，或请网关管理员添加带有 `tasks: any` 的规则。
        The caller {} may not use the enterprise project {}.
        调用方 {} 不可使用企业项目 {}。
        Name one enterprise project; all of them at once have to be listed for the caller.
        请写明一个企业项目；要一次使用全部，须为该调用方列出。
        Use an enterprise project that is allowed for this caller, or leave it out for the default.
        请使用该调用方允许的企业项目，或不写而用默认值。
        Send enterprise_project_id once, in the query, as plain text.
        请在查询参数中以明文发送一次 enterprise_project_id。
        The path begins with two slashes.
        路径以两个斜杠开头。
        Leave the slash at the end of the endpoint out: http://gateway:8080. The SDK for Java puts one more behind it.
        请去掉终端节点末尾的斜杠：http://gateway:8080。Java SDK 会在其后再加一个。
        Send it once, in the query.
        请在查询参数中只发送一次。
        Send plain multipart/form-data (RFC 7578), as the SDKs and curl -F do.
        请像 SDK 和 curl -F 那样发送普通的 multipart/form-data（RFC 7578）。
        Send one JSON value in UTF-8 as the body.
        请以 UTF-8 发送一个 JSON 值作为请求体。
        HSS's name could not be resolved.
        无法解析 HSS 的域名。
        Try again; the operator checks DNS.
        请重试；管理员应检查 DNS。
        HSS could not be reached.
        无法连接 HSS。
        Try again; the operator checks the network.
        请重试；管理员应检查网络。
        HSS's name leads to an address that is not used: one of this link, or a private one of a built-in endpoint.
        HSS 的域名指向不可使用的地址：本链路地址，或内置终端节点的私有地址。
        The operator checks DNS, or writes the endpoint down in `regions` where it is private on purpose.
        管理员应检查 DNS；若有意使用私有地址，请在 `regions` 中写明终端节点。
        The egress proxy did not let the gateway through to HSS.
        出口代理没有放行网关访问 HSS。
        The operator checks `upstream.proxy`.
        管理员应检查 `upstream.proxy`。
        No trusted TLS connection to HSS came about.
        没有建立与 HSS 的可信 TLS 连接。
        The operator checks `upstream.ca_file`, the pinned key and the clock.
        管理员应检查 `upstream.ca_file`、固定的公钥和时钟。
        HSS took too long to {}.
        HSS 超时：未能{}。
        HSS's answer broke off before its end.
        HSS 的应答在结束之前中断。
        HSS closed the connection before it answered.
        HSS 在应答之前关闭了连接。
        HSS's answer is not proper HTTP.
        HSS 的应答不是规范的 HTTP。
        HSS answered with a redirection, which the gateway never passes on.
        HSS 以重定向应答，网关从不转发重定向。
        HSS answered that nothing has changed, which the request did not ask.
        HSS 应答内容未更改，而该请求并未询问。
        The operator checks the region's endpoint.
        管理员应检查该区域的终端节点。
        HSS's answer has neither a length nor an end mark, so nobody could tell whether it is whole.
        HSS 的应答既没有长度也没有结束标记，无法判断是否完整。
        The operator checks what stands between the gateway and HSS.
        管理员应检查网关与 HSS 之间的设备。
        accept a connection
        按时接受连接
        begin its answer
        按时开始应答
        go on with its answer
        按时继续应答
        complete its answer
        按时完成应答
        HSS may have executed the request: check before repeating anything but a read.
        HSS 可能已执行该请求：除读取外，重复之前请先核实。
        Nothing reached HSS; try again.
        没有内容到达 HSS；请重试。
        HSS's endpoint is down: {}. Until it is back one request at a time tries it, and this one was not sent.
        HSS 的终端节点不可用：{}。在其恢复之前每次只有一个请求尝试连接，此请求没有发送。
        Try again after Retry-After; the operator checks the network, DNS and the egress proxy.
        请在 Retry-After 之后重试；管理员应检查网络、DNS 和出口代理。
        connections to it fail
        无法与其建立连接
        connections to it time out
        与其建立连接超时
        its name can't be resolved
        无法解析其域名
        the egress proxy lets no connection through to it
        出口代理不放行到它的连接
        This key ended on {}.
        此密钥已于 {} 失效。
        Use the key that replaced it; the operator makes one with `hss-gateway caller key rotate` or `caller key create`.
        请使用取代它的密钥；管理员可用 `hss-gateway caller key rotate` 或 `caller key create` 创建。
        """
}
