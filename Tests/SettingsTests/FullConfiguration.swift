/// Every key of the configuration contract at once, with the contract's values.
enum FullConfiguration {
    static let text = """
        # Where callers connect.
        listeners:
          - name: internal
            address: 127.0.0.1:8080            # stays on this machine
            tls: { certificate_file: , private_key_file: , client_ca_file: }   # nothing behind the keys: no TLS
          - name: local
            unix: /run/hss-gateway/gateway.sock
            mode: "0660"
        # Where operators connect.
        admin:
          address: 127.0.0.1:9090
          token_file:
        # How the cloud is reached.
        upstream:
          connect_timeout: 3s
          first_byte_timeout: 30s
          idle_timeout: 60s
          total_timeout: 10m
          connections: 64
          http2: auto
          ca_file:
          pinned_public_key:
          proxy:
          retry: { attempts: 2, on: [connect, "502", "503", "504"] }
          flow_control: adaptive
          coalesce: { polls: 2s, reads: false }
        # Endpoints other than the built-in ones.
        regions:
          cn-north-4: { hss: https://hss.cn-north-4.myhuaweicloud.com, iam: https://iam.cn-north-4.myhuaweicloud.com }
        # One of every type.
        credentials:
          - name: prod-keys
            type: aksk
            access_key_file: /run/credentials/ak
            secret_key_file: /run/credentials/sk
          - { name: static, type: token, token_file: /run/credentials/token }
          - { name: robot, type: iam_password, domain: acme, username: hss-robot, password_file: /run/credentials/pw }
          - { name: cross, type: agency, source: prod-keys, domain: other, agency: hss-reader, duration: 1h }
          - { name: ecs, type: ecs_metadata }
          - { name: pod, type: pod_identity }
          - { name: oidc, type: oidc, idp: cce, id_token_file: /var/run/secrets/tokens/huawei }
          - { name: chain, type: default_chain }
        projects:
          - name: prod-north
            id: 0123456789abcdef0123456789abcdef
            region: cn-north-4
            credential: prod-keys
            enterprise_project_id: "0"
            regions: [cn-north-1]
        callers:
          - name: image-team
            authenticate: { api_key: true }
            projects: [prod-north]
            enterprise_projects: { default: "0", allowed: ["0"] }
            limits: { requests_per_second: 20, burst: 40, concurrent: 8, exports_per_day: 50 }
            require_reason: [export, download]
        policy:
          - { name: exports, callers: [image-team], operations: ["BatchExport*", ShowExportTask, ListDownloadExportedFile], action: allow }
          - { name: reads, callers: ["*"], kinds: [read], action: allow }
        audit:
          directory: ./audit
          durability: strict-exports
          body: digest
          checkpoint: { every: 1000, interval: 10s, key_file: ./audit/checkpoint.key, anchors: [stderr] }
          rotate: { size: 256MiB, age: 24h }
          retain: 400d
          ship: []
        limits:
          { request_body: 12MiB, header_block: 64KiB, token: 8KiB, header_timeout: 10s, idle_timeout: 60s, connections: 10000, drain: 30s, drain_delay: 0s }
        log: { level: info, format: auto, requests: off }

        """
}
