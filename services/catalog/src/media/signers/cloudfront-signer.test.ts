import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CloudFrontSigner, isRsaPrivateKey, pemOf } from "./cloudfront-signer.ts";

// The key and the canned policy's signature of Amazon's developer guide, as boto kept them:
// https://github.com/boto/boto, tests/unit/cloudfront/test_signed_urls.py. Published: it protects nothing.
const PUBLISHED_KEY = `-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQDA7ki9gI/lRygIoOjV1yymgx6FYFlzJ+z1ATMaLo57nL57AavW
hb68HYY8EA0GJU9xQdMVaHBogF3eiCWYXSUZCWM/+M5+ZcdQraRRScucmn6g4EvY
2K4W2pxbqH8vmUikPxir41EeBPLjMOzKvbzzQy9e/zzIQVREKSp/7y1mywIDAQAB
AoGABc7mp7XYHynuPZxChjWNJZIq+A73gm0ASDv6At7F8Vi9r0xUlQe/v0AQS3yc
N8QlyR4XMbzMLYk3yjxFDXo4ZKQtOGzLGteCU2srANiLv26/imXA8FVidZftTAtL
viWQZBVPTeYIA69ATUYPEq0a5u5wjGyUOij9OWyuy01mbPkCQQDluYoNpPOekQ0Z
WrPgJ5rxc8f6zG37ZVoDBiexqtVShIF5W3xYuWhW5kYb0hliYfkq15cS7t9m95h3
1QJf/xI/AkEA1v9l/WN1a1N3rOK4VGoCokx7kR2SyTMSbZgF9IWJNOugR/WZw7HT
njipO3c9dy1Ms9pUKwUF46d7049ck8HwdQJARgrSKuLWXMyBH+/l1Dx/I4tXuAJI
rlPyo+VmiOc7b5NzHptkSHEPfR9s1OK0VqjknclqCJ3Ig86OMEtEFBzjZQJBAKYz
470hcPkaGk7tKYAgP48FvxRsnzeooptURW5E+M+PQ2W9iDPPOX9739+Xi02hGEWF
B0IGbQoTRFdE4VVcPK0CQQCeS84lODlC0Y2BZv2JxW3Osv/WkUQ4dslfAQl1T303
7uwwr7XTroMv8dIFQIPreoPhRKmd/SbJzbiKfS/4QDhU
-----END RSA PRIVATE KEY-----
`;
const EXPIRES_AT_S = 1_258_237_200;
const HOST = "http://d604721fxaaqy9.cloudfront.net";

function signerOf(scheme: "sha1" | "sha256"): CloudFrontSigner {
  const keyPairId = "PK123456789754";
  return new CloudFrontSigner({ baseUrl: HOST, privateKey: PUBLISHED_KEY, keyPairId, scheme });
}

/** Amazon's own alphabet for base64 in a query. */
function decoded(text: string | null): Buffer {
  const alphabet: Readonly<Record<string, string>> = { "-": "+", _: "=", "~": "/" };
  return Buffer.from(
    (text ?? "").replace(/[-_~]/g, (char) => alphabet[char] ?? ""),
    "base64",
  );
}

function isSigned(digest: "RSA-SHA1" | "RSA-SHA256", policy: string, url: URL): boolean {
  const signature = decoded(url.searchParams.get("Signature"));
  return verify(digest, Buffer.from(policy), createPublicKey(PUBLISHED_KEY), signature);
}

describe("CloudFront's signed URLs", () => {
  it("are the published one for a file, under a canned policy", async () => {
    const key = "horizon.jpg?large=yes&license=yes";
    const url = new URL(await signerOf("sha1").sign({ key }, EXPIRES_AT_S));
    expect(url.href.startsWith(`${HOST}/${key}&`)).toBe(true);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      large: "yes",
      license: "yes",
      Expires: "1258237200",
      "Key-Pair-Id": "PK123456789754",
      Signature:
        "Nql641NHEUkUaXQHZINK1FZ~SYeUSoBJMxjdgqrzIdzV2gyEXPDNv0pYdWJkflDKJ3xIu7lbwRpSkG98NBlgPi4ZJpRRnVX4kXAJK6tdNx6FucDB7OVqzcxkxHsGFd8VCG1BkC-Afh9~lOCMIYHIaiOB6~5jt9w2EOwi6sIIqrg_",
    });
  });

  it("say which digest they use when it is SHA-256", async () => {
    const url = new URL(await signerOf("sha256").sign({ key: "horizon.jpg" }, EXPIRES_AT_S));
    const policy = `{"Statement":[{"Resource":"${HOST}/horizon.jpg","Condition":{"DateLessThan":{"AWS:EpochTime":1258237200}}}]}`;
    expect(url.searchParams.get("Hash-Algorithm")).toBe("SHA256");
    expect(isSigned("RSA-SHA256", policy, url)).toBe(true);
  });

  it.each(["sha1", "sha256"] as const)(
    "carry a custom policy with a wildcard for a directory (%s)",
    async (scheme) => {
      const target = { key: "training/index.m3u8", directory: "training/" };
      const url = new URL(await signerOf(scheme).sign(target, EXPIRES_AT_S));
      const policy = decoded(url.searchParams.get("Policy")).toString("utf8");
      expect(`${url.origin}${url.pathname}`).toBe(`${HOST}/training/index.m3u8`);
      // The shape of "Accessing all files in a directory" in the guide, less the address.
      expect(JSON.parse(policy)).toEqual({
        Statement: [
          {
            Resource: `${HOST}/training/*`,
            Condition: { DateLessThan: { "AWS:EpochTime": EXPIRES_AT_S } },
          },
        ],
      });
      expect(isSigned(scheme === "sha1" ? "RSA-SHA1" : "RSA-SHA256", policy, url)).toBe(true);
      expect(url.searchParams.get("Expires")).toBeNull();
    },
  );

  it("take a key whose line breaks are written out, and no other text for one", () => {
    const oneLine = PUBLISHED_KEY.replaceAll("\n", "\\n");
    expect(isRsaPrivateKey(pemOf(oneLine))).toBe(true);
    expect(isRsaPrivateKey(PUBLISHED_KEY.slice(0, 200))).toBe(false);
    expect(isRsaPrivateKey("secret")).toBe(false);
  });
});
