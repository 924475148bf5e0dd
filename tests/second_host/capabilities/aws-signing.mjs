// The capability `aws-signing`, with the credentials of the environment. The secret stays here.

import { createHmac } from "node:crypto";
import { env } from "node:process";
import { isGranted } from "./grants.mjs";

const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;

function hmac(key, text) {
  return createHmac("sha256", key).update(text).digest();
}

export function get({ date, region, service }) {
  if (!isGranted("aws-signing", service)) {
    throw { kind: "not-granted", message: `signing for ${service} is not granted` };
  }
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw { kind: "unavailable", message: "the environment has no credentials" };
  }
  const parts = [date, region, service, "aws4_request"];
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    sessionToken: AWS_SESSION_TOKEN,
    signingKey: new Uint8Array(parts.reduce(hmac, `AWS4${AWS_SECRET_ACCESS_KEY}`)),
  };
}

export const refresh = get;
