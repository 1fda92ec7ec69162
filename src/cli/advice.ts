import type { ErrorCode } from '../core/errors.js';

/** Exit statuses: wrong usage is told from everything else that failed; an interrupt has the shell's own. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export interface Advice {
  /** What the reader can do about it; undefined where there is nothing to say. */
  readonly text: string | undefined;
  readonly status: number;
}

const failed = (text: string): Advice => ({ text, status: EXIT.failed });

/** What to do about an error, and the exit status of a run that ends by it. */
export function adviceFor(code: ErrorCode): Advice {
  switch (code) {
    case 'EMPTY_FILE':
      return failed('The file holds nothing: copy or export the film again.');
    case 'NOT_A_FILM':
      return failed('PNG, JPEG and WebP are read, whatever the file is called: export the film as one of these.');
    case 'DICOM_NOT_YET':
      return failed('DICOM is not read yet: export the film as PNG, with the window that a reader would use.');
    case 'TRUNCATED':
      return failed('Part of the film is missing, and a part is never scored: copy or download it again.');
    case 'CORRUPT':
      return failed('The image data is damaged: copy or export the film again.');
    case 'TOO_LARGE':
      return failed('Scale the film down first; the model sees some hundred pixels a side.');
    case 'TOO_SMALL':
      return failed('Look for the film itself: this may be its thumbnail.');
    case 'BAD_SHAPE':
      return failed('A chest film is not this long and narrow: crop it, or take the film itself.');
    case 'CMYK':
      return failed('The file has printing colours: save it as grey or RGB.');
    case 'ANIMATED':
      return failed('An animation is not one film: save the frame that is meant as a still image.');
    case 'FILE_VANISHED':
      return failed('Check that the file exists, that it may be read and that nothing moves it meanwhile.');
    case 'ZIP_INVALID':
    case 'ZIP_UNSUPPORTED':
    case 'ZIP_ENCRYPTED':
    case 'ZIP_NESTED':
    case 'ZIP_BOMB':
    case 'NO_FILMS':
      return failed('Unpack the archive with a program that you trust, and give the folder.');
    case 'PACK_NOT_FOUND':
      return failed('Give the folder or the file of a model pack with --pack; a pack has a manifest.json.');
    case 'PACK_INVALID':
      return failed('The model pack is not sound: fetch or import it again.');
    case 'PACK_HASH':
      return failed('The model pack was changed or damaged after it was made: fetch it again, do not use it.');
    case 'PACK_TOO_NEW':
      return failed('This version of ppad is older than the model pack: update it.');
    case 'DOWNLOAD_FAILED':
      return failed('A file ended early: fetch the model pack again, or install the program again with npm ci.');
    case 'STORAGE_FULL':
      return failed('Free space on the disk, or name another folder.');
    case 'CHECKPOINT_INVALID':
      return failed('The checkpoint is damaged: download it again.');
    case 'CHECKPOINT_UNSUPPORTED':
    case 'CHECKPOINT_MISSING_KEY':
      return failed('Checkpoints of CLIP with a ViT image tower, and of PPAD over it, are read.');
    case 'CHECKPOINT_FORBIDDEN':
      return failed('The checkpoint asks to run code, which is never done: do not use it unless you trust where it comes from.');
    case 'WORDS_UNKNOWN':
      return failed('This model knows few words: use those of its card, in English.');
    case 'TEXT_TOO_LONG':
      return failed('The prompt is longer than the text tower reads: use fewer words.');
    case 'CLASSES_UNKNOWN':
      return failed('Name the two class words, the one without deviation first: --classes normal,pneumonia.');
    case 'BACKBONE_NEEDED':
      return failed('Give the CLIP that the prompts were learned with: ppad import CLIP.pt --prompts PROMPTS.pt --out ...');
    case 'BACKBONE_MISMATCH':
      return failed('Prompts go with the CLIP that they were learned with: look for that one.');
    case 'LINK_DAMAGED':
      return failed(
        'The link was cut or changed on its way: copy all of it, from #r= to its last character, or ask for it again.',
      );
    case 'LINK_INVALID':
      return failed('No page of ours makes such a link: do not trust it, ask for it again.');
    case 'LINK_TOO_NEW':
      return failed('This version of ppad is older than the link: update it.');
    case 'RESULT_INVALID':
      return failed('Give a line that `ppad score --json` printed, unchanged, of a film that was scored.');
    case 'BACKEND_UNAVAILABLE':
      return failed('Install again with npm ci; PPAD_RUNTIME=wasm asks for the WebAssembly runtime.');
    case 'BACKEND_WRONG':
      return failed('This machine computes other numbers than the pack expects: try PPAD_RUNTIME=wasm, and report it.');
    case 'OUT_OF_MEMORY':
      return failed('Free memory, use fewer --threads, or a smaller film.');
    case 'DEVICE_LOST':
    case 'WORKER_LOST':
      return failed('Run it again; if it happens again over the same film, report the film.');
    case 'ABORTED':
      return { text: undefined, status: EXIT.interrupted };
    case 'USAGE':
      return { text: 'See: npm run -s ppad -- help', status: EXIT.usage };
    case 'INTERNAL':
      return failed('This is a fault in ppad: please report it with the command and the message.');
  }
}
