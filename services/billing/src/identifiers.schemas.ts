import { Type } from "typebox";

/** Ids that consumers choose: 1–255 printable ASCII characters without space. */
export function ConsumerId(description: string, example: string) {
  return Type.String({
    description,
    minLength: 1,
    maxLength: 255,
    pattern: "^[!-~]+$",
    examples: [example],
  });
}

export const RequestId = ConsumerId("The consumer's own id of one paid call.", "req-2026-0001");
export const UserId = ConsumerId("Who pays.", "ada");
export const EndpointId = ConsumerId("The endpoint that was called.", "forecast");
export const ApiId = ConsumerId("The API that was called.", "weather");

export const isConsumerId = (text: string) => /^[!-~]{1,255}$/.test(text);
