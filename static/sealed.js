"use strict";
// Seals what is answered to a public key of the server (JWE: ECDH-ES on P-256, A256GCM), so that this phone cannot read it back.
const CURVE = { name: "ECDH", namedCurve: "P-256" };
// All sealed answers have the same length, which would tell one from another.
const LENGTH = 512;
const bytes = (text) => new TextEncoder().encode(text);
const base64url = (data) => btoa(String.fromCharCode(...new Uint8Array(data))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const number = (value) => new Uint8Array(new Uint32Array([value]).buffer).reverse(); // four bytes, the highest first
const joined = async (...parts) => new Uint8Array(await new Blob(parts).arrayBuffer());
const seal = async (key, said) => {
  const theirs = await crypto.subtle.importKey("jwk", key, CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", ours.publicKey);
  const header = base64url(bytes(JSON.stringify({ alg: "ECDH-ES", enc: "A256GCM", epk: { kty, crv, x, y } })));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  // The Concat KDF of RFC 7518, 4.6: one round, the algorithm's name, two empty parties, 256 bits.
  const derived = await joined(number(1), shared, number(7), "A256GCM", number(0), number(0), number(256));
  const secret = await crypto.subtle.importKey("raw", await crypto.subtle.digest("SHA-256", derived), "AES-GCM", false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = bytes(JSON.stringify(said).padEnd(LENGTH));
  const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(header) }, secret, plain);
  return [header, "", base64url(iv), base64url(closed.slice(0, -16)), base64url(closed.slice(-16))].join(".");
};
