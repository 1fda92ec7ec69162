import { useId } from 'react';

interface WordFieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly required?: boolean;
}

/** Words of a prompt: as the model reads them, in its language. */
export function WordField({ name, label, value, required = false }: WordFieldProps) {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        defaultValue={value}
        required={required}
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        lang="en"
      />
    </p>
  );
}
