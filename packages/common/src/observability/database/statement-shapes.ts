import { type StatementShape, shapeOf } from "./statement-shape.ts";

/** Texts that are remembered; a service has a few hundred, lists of other lengths among them. */
const MAX_TEXTS = 2_000;
/** A longer text is read every time rather than kept. */
const MAX_KEPT_LENGTH = 8_000;
/** Shapes that are told apart; what comes after these counts as one. */
const MAX_SHAPES = 500;

const OTHER: StatementShape = {
  text: "a statement beyond those that are told apart",
  operation: "other",
  table: "other",
  isFrame: false,
};

/** The shapes of statements, each read once: the same text, or the same shape, is the same object. */
export class StatementShapes {
  readonly #byText = new Map<string, StatementShape>();
  readonly #byShape = new Map<string, StatementShape>();

  of(text: string): StatementShape {
    return this.#byText.get(text) ?? this.#read(text);
  }

  #read(text: string): StatementShape {
    const read = shapeOf(text);
    const shape = this.#byShape.get(read.text) ?? this.#learn(read);
    if (text.length > MAX_KEPT_LENGTH) return shape;
    if (this.#byText.size >= MAX_TEXTS) this.#byText.clear();
    this.#byText.set(text, shape);
    return shape;
  }

  #learn(shape: StatementShape): StatementShape {
    if (this.#byShape.size >= MAX_SHAPES) return OTHER;
    this.#byShape.set(shape.text, shape);
    return shape;
  }
}
