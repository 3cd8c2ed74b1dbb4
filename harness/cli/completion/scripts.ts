/** Shells that completion is for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What each shell loads: a function that hands the line up to the cursor to `sprmatrix complete`, which
 * prints whole words that the last one can become.
 */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  // bash takes = for the end of a word: what stands before it is cut off again.
  bash: `_sprmatrix() {
  local word found
  word=\${COMP_LINE:0:COMP_POINT}
  word=\${word##*[[:space:]]}
  mapfile -t found < <("\${COMP_WORDS[0]}" complete "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  COMPREPLY=("\${found[@]}")
  if [[ $word == *=* ]]; then COMPREPLY=("\${found[@]#"\${word%%=*}="}"); fi
  if [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -F _sprmatrix sprmatrix
`,
  zsh: `#compdef sprmatrix
_sprmatrix() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete "$LBUFFER" 2>/dev/null)}")
  compadd -Q -S '' -- $found
}
compdef _sprmatrix sprmatrix
`,
  fish: `complete -c sprmatrix -f -a '(sprmatrix complete (commandline -cp) 2>/dev/null)'
`,
};

/** The script of a shell, to be evaluated or kept. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
